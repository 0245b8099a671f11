/** Programs in containers: started, known, sent signals and ended in there. */
import { expect } from 'vitest';
import { until } from '../harness/until.ts';
import { test } from './container.ts';

test('words, directory, environment and size are as given, and nothing of this host is in there', async ({
  pilotty,
  container,
}) => {
  const words = ['two words', '"quoted"', "'", '$HOME', '`date`', '*', '', '-n', 'ü;|&\n\\'];
  const print = ['sh', '-c', 'printf "<%s>" "$@"', 'sh', ...words];
  const printed = await pilotty.run('run', '--in', 'docker:web', '--', ...print, { env: { OF_HOST: '1' } });
  expect(printed.stdout.trimEnd().replaceAll(/\r?\n/g, '\n')).toBe(words.map((word) => `<${word}>`).join(''));

  const show = 'stty size; pwd; echo "$TERM $OF_CONTAINER,$OF_HOST,$GIVEN,$PILOTTY_SESSION"; hostname';
  const given = { env: { OF_HOST: '1', TERM: 'dumb' } };
  for (const [place, directory] of [
    ['docker:web', '/usr/bin'],
    ['podman:web', '/usr/bin'],
    ['kubectl:pod/app@team', '/usr/bin'],
    [`nsenter:${container.pid}`, '/usr/bin'],
  ] as const) {
    container.name('pod_app_team');
    const shown = await pilotty.run(
      ...['run', '--in', place, '--name', 'shown', '--size', '100x30', '--cwd', directory],
      ...['--env', 'GIVEN=a "b" $c', '--', 'sh', '-c', show],
      given,
    );
    const ofContainer = place.startsWith('nsenter') ? '' : 'yes';
    expect(
      shown.stdout.split('\n').map((line) => line.trim()),
      place,
    ).toEqual([
      '30 100',
      directory,
      `xterm-256color ${ofContainer},${place.startsWith('nsenter') ? ofTests() : ''},a "b" $c,shown`,
      'inside',
      '',
    ]);
  }
  // Of the values only kubectl's stand in a command line, where others can read them.
  const withValue = container.calls.filter((call) => call.some((word) => word.includes('a "b" $c')));
  expect(withValue.map(([runtime]) => runtime)).toEqual(['kubectl']);
  const kubectl = container.calls.find(([runtime]) => runtime === 'kubectl');
  expect(kubectl?.slice(1, 11)).toEqual(['exec', '-i', '-t', '-n', 'team', '-c', 'app', 'pod', '--', 'sh']);
});

/** The container was started by this process: what nsenter finds there is its environment. */
function ofTests(): string {
  return process.env.OF_HOST ?? '';
}

test('status has the program of the container, and a signal reaches it there', async ({
  pilotty,
  container,
}) => {
  const started = await pilotty.run('spawn', '--in', 'docker:web', '--name', 'sh', 'bash', '--norc');
  expect(started.json()).toMatchObject({ in: 'docker:web', cwd: '/usr', argv: ['bash', '--norc'] });
  const { pid, pid_inside: inside } = started.json();
  await pilotty.run('wait', '-s', 'sh', '--prompt');
  const atPrompt = (await pilotty.run('status', '-s', 'sh')).json();
  expect(atPrompt).toMatchObject({
    in: 'docker:web',
    pid,
    pid_inside: inside,
    foreground: { pid: inside, process_group: inside, argv: ['bash', '--norc'], reading: null },
    current_directory: '/usr',
    terminal: { canonical: false, password_prompt: false },
  });

  await pilotty.run('type', '-s', 'sh', '--enter', "cd /tmp; sh -c 'echo started; exec sleep 1000'");
  await pilotty.untilShown('\nstarted', 'sh');
  const status = async () => (await pilotty.run('status', '-s', 'sh')).json();
  await until('the program in the foreground', async () => (await status()).foreground?.argv[0] === 'sleep');
  expect(await status()).toMatchObject({
    foreground: { argv: ['sleep', '1000'] },
    terminal: { echo: true, canonical: true },
    current_directory: '/tmp',
  });
  const sent = await pilotty.run('signal', '-s', 'sh', 'INT', '--wait-prompt');
  expect(sent.json()).toMatchObject({ signal: 'SIGINT', wait: { outcome: 'matched' } });
  expect(sent.json().process_group).not.toBe(inside);

  await pilotty.run('resize', '-s', 'sh', '90x20');
  await until('the new size', async () => {
    await pilotty.run('type', '-s', 'sh', '--enter', 'stty size');
    return (await pilotty.run('snapshot', '-s', 'sh', '-f', 'text')).stdout.includes('\n20 90');
  });

  await pilotty.run(
    'type',
    '-s',
    'sh',
    '--enter',
    "sh -c 'stty -echo; echo asks; read -r secret; stty echo'",
  );
  await pilotty.untilShown('\nasks', 'sh');
  await until('the prompt for a password', async () => (await status()).terminal?.password_prompt === true);
  expect(container.processes).toContain('bash --norc');
});

test('a kill ends what runs in there, what ignores it after the grace period, and nothing else', async ({
  pilotty,
  container,
}) => {
  // Another session in the same container, and one of this host: all of them have a terminal /dev/pts/0 or the like.
  for (const place of [`nsenter:${container.pid}`, 'podman:web'])
    expect(
      (await pilotty.run('spawn', '--in', place, '--name', place.slice(0, 3), 'sleep', '5000')).code,
    ).toBe(0);
  await pilotty.spawn('here', ['sleep', '5000']);
  const stubborn = "trap '' TERM HUP INT; echo ready; while :; do sleep 7000; done";
  await pilotty.run('spawn', '--in', 'docker:web', '--name', 's', 'sh', '-c', stubborn);
  await pilotty.untilShown('ready', 's');
  await pilotty.run('spawn', '--in', 'docker:web', '--name', 'bash', 'bash', '--norc');
  await pilotty.run('wait', '-s', 'bash', '--prompt');

  const kill = (session: string) => pilotty.client.request('session.kill', { session, grace_ms: 200 });
  expect((await kill('bash')).results).toMatchObject([{ ok: true, survivors: [] }]);
  expect((await kill('s')).results).toMatchObject([
    { ok: true, exit: { exit_code: 137, killed_by_client: true }, survivors: [] },
  ]);
  expect(container.processes.filter((args) => args !== 'sleep 5000')).toEqual([]);
  // The terminals of this host and those in there have the same names: a kill here ends none of them.
  expect((await pilotty.run('kill', '-s', 'here')).json().results).toMatchObject([{ survivors: [] }]);
  const { sessions } = await pilotty.client.request('session.list', {});
  expect(sessions.map((session) => session.in)).toEqual([`nsenter:${container.pid}`, 'podman:web']);
  expect(container.processes.filter((args) => args === 'sleep 5000')).toHaveLength(2);
});

test('what cannot be started is refused with what the runtime said, and nothing is left', async ({
  pilotty,
  container,
}) => {
  container.name('stopped', { is: 'not running' });
  for (const [place, words, code, message] of [
    ['docker:nosuch', ['sh'], 'SPAWN_FAILED', 'Error: No such container: nosuch'],
    ['podman:stopped', ['sh'], 'SPAWN_FAILED', 'Container stopped is not running'],
    ['docker:web', ['nosuch'], 'SPAWN_FAILED', 'no such program is found in there'],
    ['docker:web', ['/usr'], 'SPAWN_FAILED', 'no such program is found in there'],
    ['docker:web', [''], 'SPAWN_FAILED', 'the name of the program is empty'],
    ['docker:web', ['--', 'echo', '--cwd'], 'SPAWN_FAILED', 'its directory is not there'],
    ['nsenter:999999999', ['sh'], 'SPAWN_FAILED', 'there is no process 999999999'],
    ['docker:--privileged', ['sh'], 'INVALID_INPUT', "'docker:--privileged' is no place"],
    ['kubectl:pod/-c', ['sh'], 'INVALID_INPUT', "'kubectl:pod/-c' is no place"],
    ['ssh:web', ['sh'], 'INVALID_INPUT', "'ssh:web' is no place"],
  ] as const) {
    const isOfDirectory = message.startsWith('its directory');
    const given = isOfDirectory ? ['--cwd', '/nosuch', ...words] : words;
    const refused = await pilotty.run('spawn', '--in', place, ...given);
    expect(refused.error(), place).toMatchObject({ code, message: expect.stringContaining(message) });
  }
  const path = { PATH: '/usr/bin:/bin' };
  const noRuntime = await pilotty.run('spawn', '--in', 'podman:web', 'sh', { env: { PATH: '/nosuch' } });
  expect(noRuntime.error()).toMatchObject({
    code: 'SPAWN_FAILED',
    message: expect.stringContaining(
      "Cannot start 'sh' in podman:web: Cannot start 'podman': not found in PATH",
    ),
  });
  const isClean = await pilotty.run('spawn', '--in', 'docker:web', '--clean-env', 'sh', { env: path });
  expect(isClean.code).toBe(2);
  const named = await pilotty.run('spawn', '--in', 'docker:web', '--env', 'A.B=1', 'sh');
  expect(named.error()).toMatchObject({ code: 'INVALID_INPUT' });
  const kept = await pilotty.run('spawn', '--in', 'docker:web', '--keep-input', 'sh');
  expect(kept.error()).toMatchObject({ code: 'INVALID_INPUT' });
  const { sessions } = await pilotty.client.request('session.list', { all: true });
  expect(sessions).toEqual([]);
  expect(container.processes).toEqual([]);
});

test('exit codes are those of the program; where the runtime cannot be asked, a kill says what may be left', async ({
  pilotty,
  container,
}) => {
  for (const code of [0, 7, 125, 126, 127])
    expect((await pilotty.run('run', '--in', 'docker:web', 'sh', '-c', `exit ${code}`)).code).toBe(code);
  for (const place of ['docker:web', `nsenter:${container.pid}`]) {
    const killed = await pilotty.run('run', '--in', place, 'sh', '-c', 'kill -9 $$');
    expect([killed.code, killed.stdout]).toEqual([137, '']);
  }
  await pilotty.run('spawn', '--in', 'docker:web', '--name', 's', 'sleep', '5000');
  container.name('web', { is: 'paused' });
  const signal = await pilotty.run('signal', '-s', 's', 'INT');
  expect(signal.error()).toMatchObject({
    code: 'UNAVAILABLE',
    message:
      'It is not known whether SIGINT was sent in docker:web: docker: Error response from daemon: Container web is paused',
  });
  const status = (await pilotty.run('status', '-s', 's')).json();
  expect(status).toMatchObject({ foreground: null, terminal: null, current_directory: null });
  const killed = await pilotty.client.request('session.kill', { session: 's', grace_ms: 100 });
  expect(killed.results).toMatchObject([
    {
      ok: true,
      survivors: [{ pid: expect.any(Number), command: 'sleep 5000', in: 'docker:web', unknown: true }],
    },
  ]);
  expect(container.processes).toEqual(['sleep 5000']);
});

test('a program that is interrupted through nsenter goes on, and what runs there is known', async ({
  pilotty,
  container,
}) => {
  const program = "trap 'echo caught' INT; echo ready; while :; do read -r line && echo got $line; done";
  const place = `nsenter:${container.pid}`;
  await pilotty.run('spawn', '--in', place, '--name', 's', 'sh', '-c', program);
  await pilotty.untilShown('ready', 's');
  await pilotty.run('key', '-s', 's', 'Ctrl+C');
  await pilotty.untilShown('caught', 's');
  expect((await pilotty.run('type', '-s', 's', '--enter', 'x', '--wait-text', 'got x')).code).toBe(0);
  const status = (await pilotty.run('status', '-s', 's')).json();
  expect(status).toMatchObject({
    in: place,
    foreground: { argv: ['sh', '-c', program] },
    cwd: process.cwd(),
  });
  expect(status.foreground.pid).not.toBe(status.pid);
});
