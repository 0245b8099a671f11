/** What has the same name in a container and on this host: terminals and files. */
import { expect } from 'vitest';
import { test } from './container.ts';

/** Has so many terminals open. */
const OPEN =
  'import os, sys, time; held = [os.openpty() for _ in range(int(sys.argv[1]))]; print("ready", flush=True); time.sleep(5000)';

test('a kill on this host leaves alone who has a terminal of the same path in a container', async ({
  pilotty,
  container,
}) => {
  await pilotty.spawn('here', ['sh', '-c', 'tty; exec cat']);
  await pilotty.untilShown('/dev/pts/', 'here');
  const shown = (await pilotty.run('snapshot', '-s', 'here', '-f', 'text')).stdout;
  const number = Number(/\/dev\/pts\/(\d+)/.exec(shown)?.[1]);
  const other = await container.start('python3', '-c', OPEN, String(number + 1));
  expect((await pilotty.run('kill', '-s', 'here')).json().results).toMatchObject([
    { ok: true, survivors: [] },
  ]);
  expect(other.exitCode).toBeNull();
  expect(container.processes).toHaveLength(1);
});

test('exec types to a shell that was started in other namespaces by hand, and has none of our files', async ({
  pilotty,
  container,
}) => {
  await pilotty.spawn('s', ['bash', '--norc']);
  await pilotty.run('wait', '-s', 's', '--prompt');
  container.hideFiles(pilotty.socketDir);
  const line = `nsenter -t ${container.pid} -a bash --norc`;
  await pilotty.run('type', '-s', 's', '--enter', line, '--wait-prompt');
  const ran = await pilotty.run('exec', '-s', 's', 'echo "in $(hostname)"; (exit 7)');
  expect([ran.code, ran.stdout]).toEqual([7, 'in inside\n']);
  await pilotty.run('type', '-s', 's', '--enter', 'exit', '--wait-prompt');
  expect((await pilotty.run('exec', '-s', 's', '(exit 8)')).code).toBe(8);
});
