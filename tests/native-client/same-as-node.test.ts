/** Both clients are one command: what a process adds to it is the same too. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { expect } from 'vitest';
import { nativeClient, type Pilotty, test } from '../harness/pilotty.ts';
import { until } from '../harness/until.ts';

type Words = readonly string[];

const clients = (pilotty: Pilotty): Words[] => [[process.execPath, pilotty.command], [nativeClient()]];

/** A line of shell in which "$@" is the command. */
function shell(pilotty: Pilotty, client: Words, line: string) {
  const { status, signal, stdout, stderr } = spawnSync('/bin/sh', ['-c', line, 'sh', ...client], {
    cwd: pilotty.home,
    env: pilotty.env,
  });
  return { status, signal, stdout: stdout.toString('latin1'), stderr: stderr.toString('latin1') };
}

test.for([
  ['a full disk', '"$@" snapshot -s big -f text >/dev/full'],
  ['a reader that has had enough', '("$@" output -s big; echo $? >&2) | head -c 1'],
  ['no stdout at all', '"$@" snapshot -s big -f text >&-'],
  ['no stream at all', '"$@" key -s big a <&- >&- 2>&-'],
  ['a megabyte into a slow pipe', '"$@" output -s big | (read -r first; sleep 0.2; wc -c)'],
  ['bytes that are no text', '"$@" output -s bytes --raw'],
  ['words that are no UTF-8', `"$@" type -s big "$(printf 'a\\377b')" | sed 's/"seq":[0-9]*//'`],
  ['a directory that was removed', 'mkdir -p gone; cd gone; rmdir ../gone; "$@" snapshot -s big -f text'],
  [
    'a large environment',
    'X=$(head -c 100000 /dev/zero | tr "\\0" x); export X; "$@" snapshot -s big -f text',
  ],
  ['wrong words', '"$@" snapshot --formt text'],
  ['a session that is not there', '"$@" key -s nobody a'],
  ['its errors with --json', '"$@" key -s nobody a --json'],
  ['stdin from a file', 'printf %s typed >in; "$@" type -s big - <in | sed "s/\\"seq\\":[0-9]*//"'],
])('%s', async ([, line], { pilotty }) => {
  await pilotty.spawn('big', ['sh', '-c', 'yes 0123456789 | head -c 1000000; cat >/dev/null']);
  await pilotty.spawn('bytes', ['sh', '-c', "printf 'a\\377\\000b'; cat >/dev/null"]);
  await pilotty.client.request('session.wait', { session: 'big', idle_ms: 300 });
  await pilotty.client.request('session.wait', { session: 'bytes', idle_ms: 300 });
  const [node, native] = clients(pilotty).map((client) => shell(pilotty, client, line ?? ''));
  expect(native).toEqual(node);
});

test.for(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s ends a wait, with the same exit code',
  async (signal, { pilotty }) => {
    await pilotty.spawn('quiet', ['cat']);
    for (const [file = '', ...words] of clients(pilotty)) {
      const child = spawn(file, [...words, 'wait-for', '-s', 'quiet', 'never', '-t', '5m'], {
        env: pilotty.env,
      });
      await until(
        'the wait to begin',
        async () => (await pilotty.client.request('daemon.info', {})).connections === 2,
      );
      child.kill(signal);
      const [code, by] = await once(child, 'exit');
      expect({ code, by }).toEqual({ code: { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }[signal], by: null });
      await until('no wait', async () => (await pilotty.client.request('daemon.info', {})).connections === 1);
    }
  },
);

test('a second Ctrl+C does not wait for a polite end', async ({ pilotty }) => {
  await pilotty.spawn('big', ['sh', '-c', 'yes 0123456789 | head -c 1000000; cat >/dev/null']);
  await pilotty.client.request('session.wait', { session: 'big', idle_ms: 300 });
  const { pid } = await pilotty.client.request('daemon.info', {});
  const child = spawn(nativeClient(), ['wait-for', '-s', 'big', 'never'], { env: pilotty.env });
  await until(
    'the wait to begin',
    async () => (await pilotty.client.request('daemon.info', {})).connections === 2,
  );
  process.kill(pid, 'SIGSTOP');
  // Two that come at once are one.
  await until('the client to end', () => {
    child.kill('SIGINT');
    return child.signalCode !== null;
  });
  process.kill(pid, 'SIGCONT');
  expect(child.signalCode).toBe('SIGINT');
});

test('a program inherits from the client: directory, environment, umask, limits, niceness', async ({
  pilotty,
}) => {
  const facts = 'pwd; echo "$MARK"; umask; ulimit -n; nice';
  const line = `mkdir -p here; cd here; export MARK=set; umask 027; ulimit -n 77; exec nice -n 3 "$@" run sh -c '${facts}'`;
  await pilotty.client.request('daemon.info', {});
  const [node, native] = clients(pilotty).map((client) => shell(pilotty, client, line));
  expect(native).toEqual(node);
  expect(native?.stdout.split('\n').slice(1)).toEqual(['set', '0027', '77', '3', '']);
});

test('a command on a terminal prints for people', async ({ pilotty }) => {
  await pilotty.spawn('shown', ['cat']);
  for (const client of clients(pilotty)) {
    const words = ['sh', '-c', '"$@" ls; "$@" key -s nobody a', 'sh', ...client];
    const session = await pilotty.spawn('tty', words);
    await pilotty.client.request('session.wait', { session, exit: true });
    const { stdout: output } = await pilotty.run('output', '-s', session);
    expect(output).toMatch(/^NAME/m);
    expect(output).toContain('error: ');
    expect(output).toContain('hint: ');
  }
});

test('a program that floods is printed whole', async ({ pilotty }) => {
  await pilotty.client.request('daemon.info', {});
  const [node, native] = clients(pilotty).map((client) =>
    shell(pilotty, client, '"$@" run seq 1 200000 | cksum'),
  );
  expect(native).toEqual(node);
});
