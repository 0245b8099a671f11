/** Sessions in containers over their life: started again, kept, handed over, commanded; and through every face. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { builtProgram, type Pilotty } from '../harness/pilotty.ts';
import { until } from '../harness/until.ts';
import { test } from './container.ts';

const spawn = (pilotty: Pilotty, name: string, ...words: string[]) =>
  pilotty.run('spawn', '--in', 'docker:web', '--name', name, ...words);

test('a restart and an upgrade keep where it runs', async ({ pilotty, container }) => {
  await spawn(
    pilotty,
    's',
    '--cwd',
    '/tmp',
    '--env',
    'GIVEN=1',
    'sh',
    '-c',
    'echo "begun $GIVEN $PWD"; exec cat',
  );
  await pilotty.untilShown('begun 1 /tmp', 's');
  const first = (await pilotty.run('status', '-s', 's')).json();
  await pilotty.run('resize', '-s', 's', '70x20');
  const restarted = await pilotty.run('restart', '-s', 's', '--wait-text', 'begun 1 /tmp');
  expect(restarted.json()).toMatchObject({ survivors: [], wait: { outcome: 'matched' } });
  expect(container.processes).toEqual(['cat']);

  await pilotty.client.request('daemon.upgrade', { program: builtProgram('pilotty-daemon.cjs') });
  const second = (await pilotty.run('status', '-s', 's')).json();
  expect(second).toMatchObject({ in: 'docker:web', cwd: '/tmp', restarts: 1, foreground: { argv: ['cat'] } });
  expect(second.pid_inside).not.toBe(first.pid_inside);
  const again = await pilotty.run('restart', '-s', 's', '--wait-text', 'begun 1 /tmp');
  expect(again.json()).toMatchObject({ survivors: [], wait: { outcome: 'matched' } });
  expect((await pilotty.run('kill', '-s', 's')).json().results).toMatchObject([{ ok: true, survivors: [] }]);
  expect(container.processes).toEqual([]);

  container.name('web', { is: 'not running' });
  const refused = await pilotty.run('restart', '-s', 's');
  expect(refused.error().message).toContain('Container web is not running');
});

test('after kill -9 of the daemon it is said what still runs in there, and it is not started twice', async ({
  pilotty,
  container,
}) => {
  await spawn(pilotty, 's', '--cwd', '/tmp', 'sh', '-c', 'echo "begun $PWD"; exec sleep 5000');
  await pilotty.untilShown('begun /tmp', 's');
  await pilotty.client.request('session.tag', { session: 's', add: ['kept'] });
  await until('it to be kept', () => keptText(pilotty).includes('"tags":["kept"]'));
  const { pid } = await pilotty.client.request('daemon.info', {});
  // A version that knows no containers finds nothing that it would start on this host.
  expect(JSON.parse(keptText(pilotty))).toMatchObject({ sessions: [], sessions_inside: [{ name: 's' }] });
  process.kill(pid, 'SIGKILL');
  await until('the end of the daemon', () => pilotty.processes().every((one) => one.pid !== pid));
  const lost = (await pilotty.run('restore')).json().sessions;
  expect(lost).toMatchObject([{ name: 's', in: 'docker:web', still_runs: true }]);
  const refused = await pilotty.run('restore', 's');
  expect(refused.json().results[0].error).toMatchObject({
    code: 'UNAVAILABLE',
    message: expect.stringContaining('still runs in docker:web'),
  });
  expect(container.processes).toEqual(['sleep 5000']);
  container.endAll();
  expect((await pilotty.run('restore', 's')).json().results).toMatchObject([{ ok: true }]);
  const status = (await pilotty.run('status', '-s', 's')).json();
  expect(status).toMatchObject({ in: 'docker:web', cwd: '/tmp', foreground: { argv: ['sleep', '5000'] } });
});

test('exec runs commands in the shell in there', async ({ pilotty, container }) => {
  await pilotty.spawn('here', ['cat']);
  container.hideFiles(pilotty.socketDir);
  for (const [place, shell] of [
    ['docker:web', ['bash', '--norc']],
    [`nsenter:${container.pid}`, ['sh']],
  ] as const) {
    await pilotty.run('spawn', '--in', place, '--name', 'sh', ...shell);
    await pilotty.run('wait', '-s', 'sh', '--prompt');
    const ran = await pilotty.run('exec', '-s', 'sh', 'echo "in $(hostname)"; (exit 7)');
    expect([ran.code, ran.stdout], place).toEqual([7, 'in inside\n']);
    await pilotty.run('kill', '-s', 'sh');
  }
});

test('a policy that forbids the runtime, or the program, forbids it in a container', async ({
  pilotty,
  container,
}) => {
  pilotty.env.PILOTTY_POLICY = join(pilotty.directory, 'policy.json');
  const deny = (name: string, programs: string[]) => ({ name, acts: ['spawn'], programs, decision: 'deny' });
  const rules = [deny('no-docker', ['docker']), deny('no-cat', ['cat'])];
  const policy = { default: 'allow', rules };
  writeFileSync(pilotty.env.PILOTTY_POLICY, JSON.stringify(policy), { mode: 0o600 });
  for (const [place, program, rule] of [
    ['docker:web', 'sleep', 'no-docker'],
    ['podman:web', 'cat', 'no-cat'],
  ] as const) {
    const denied = await pilotty.run('spawn', '--in', place, program, '5000');
    expect(denied.error()).toMatchObject({ code: 'POLICY_DENIED', details: { rule } });
  }
  expect((await pilotty.run('spawn', '--in', 'podman:web', 'sleep', '5000')).code).toBe(0);
  expect(container.processes).toEqual(['sleep 5000']);
});

/** What the daemon keeps of its sessions. */
function keptText({ home }: Pilotty): string {
  const directory = join(home, '.local/state/pilotty/sessions');
  if (!existsSync(directory)) return '';
  const files = readdirSync(directory, { recursive: true }).map(String);
  const file = files.find((name) => name.endsWith('sessions.json'));
  return file === undefined ? '' : readFileSync(join(directory, file), 'utf8');
}
