/** Programs on pipes go on in the next daemon: nothing of what they read and write is lost, or comes twice. */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { builtProgram, type Pilotty, test } from '../harness/pilotty.ts';
import { program } from '../harness/programs.ts';

const hash = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');

function upgrade({ client }: Pilotty) {
  return client.request('daemon.upgrade', { program: builtProgram('pilotty-daemon.cjs') });
}

/** All that can be asked of it, without what time alone changes. */
async function answersOf({ client }: Pilotty, session: string): Promise<object> {
  const lines: unknown[] = [];
  const onEvent = (part: unknown) => void lines.push(part);
  const answers = {
    output: await client.request('session.output', { session }, { onEvent }),
    exact: await client.request('session.output', { session, format: 'ansi', stream: 'both' }, { onEvent }),
    status: await client.request('session.status', { session }),
    lines,
  };
  const changing = ['idle_ms', 'last_output_ms', 'last_input_ms', 'ago_ms', 'work_state'];
  return JSON.parse(JSON.stringify(answers, (name, value) => (changing.includes(name) ? undefined : value)));
}

/** As fast as it is read, until its stdin ends; then it says how often. */
const FLOOD = `
import sys, threading
over = threading.Event()
def read():
    sys.stdin.read()
    over.set()
threading.Thread(target=read).start()
rounds = 0
while not over.wait(0.02):
    print("round", rounds, file=sys.stderr, flush=True)
    for number in range(300):
        print(rounds, number)
    sys.stdout.flush()
    rounds += 1
print("rounds:", rounds, file=sys.stderr)
sys.exit(9)
`;

function floodOf(rounds: number): { stdout: string; stderr: string } {
  const all = Array.from({ length: rounds }, (_, round) => round);
  const lines = Array.from({ length: 300 }, (_, number) => number);
  return {
    stdout: all.map((round) => lines.map((number) => `${round} ${number}\n`).join('')).join(''),
    stderr: `${all.map((round) => `round ${round}\n`).join('')}rounds: ${rounds}\n`,
  };
}

test('ten times in a row: a flood on both streams, what is typed meanwhile, EOF, exit codes', async ({
  pilotty,
}) => {
  const { client } = pilotty;
  const flood = await pilotty.spawn('flood', ['python3', '-c', FLOOD], {
    pipe: true,
    retain_bytes: 64 << 20,
  });
  // What it has read shows only at the end of its stdin, which nobody else may hold open.
  const sum = await pilotty.spawn('sum', ['sha256sum'], { pipe: true });
  const killed = await pilotty.spawn('killed', ['sleep', '1000'], { pipe: true });
  const seen = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  const followed = client.request(
    'session.output',
    { session: flood, follow: true, format: 'ansi' },
    {
      onEvent: ({ output_base64 = '', stream = 'stdout' }) =>
        void seen[stream].push(Buffer.from(output_base64, 'base64')),
    },
  );
  const ended = client.request('session.wait', { session: flood, exit: true, timeout_ms: 60_000 });
  const said = client.request('session.wait', {
    session: flood,
    regex: '^rounds: (\\d+)$',
    stream: 'stderr',
    timeout_ms: 60_000,
  });
  const typed: string[] = [];
  const pids = new Set<number>();
  for (let time = 0; time < 10; time++) {
    const text = `${time} `.repeat(1000);
    await client.request('session.type', { session: sum, text });
    typed.push(text);
    pids.add((await upgrade(pilotty)).pid);
  }
  expect(pids.size).toBe(10);
  await client.request('session.type', { session: sum, text: 'the end', eof: true });
  const { exit } = await client.request('session.wait', { session: sum, exit: true });
  expect(exit).toMatchObject({ exit_code: 0, output_complete: true });
  expect((await pilotty.run('output', '-s', 'sum')).stdout).toBe(`${hash(`${typed.join('')}the end`)}  -\n`);
  // It has written all the time.
  const { exit: running } = await client.request('session.status', { session: flood });
  expect(running).toBeUndefined();
  await client.request('session.type', { session: flood, text: '', eof: true });
  const rounds = Number((await said).match?.groups[0]);
  expect(await ended).toMatchObject({ outcome: 'exited', exit: { exit_code: 9, output_complete: true } });
  await followed;
  const expected = floodOf(rounds);
  const text = (stream: 'stdout' | 'stderr') => Buffer.concat(seen[stream]).toString();
  expect([hash(text('stdout')), text('stderr')]).toEqual([hash(expected.stdout), expected.stderr]);
  // And the same is retained, each byte with its stream.
  const kept = async (stream: string) =>
    (await pilotty.run('output', '-s', 'flood', '--stream', stream)).stdout;
  expect([hash(await kept('stdout')), await kept('stderr')]).toEqual([
    hash(expected.stdout),
    expected.stderr,
  ]);
  const { results } = await client.request('session.kill', { session: killed, signal: 'KILL' });
  expect(results).toMatchObject([{ ok: true, exit: { exit_code: null, signal: 'SIGKILL' } }]);
});

test('what can be asked is answered the same; streams that are closed stay so, and restart makes new pipes', async ({
  pilotty,
}) => {
  const { client } = pilotty;
  const script = [
    'printf "a half ä"; printf "\\303" >&2; cat',
    'printf "\\244 whole" >&2; exec >&-; printf "over" >&2; until [ -e go ]; do sleep 0.05; done; exit 4',
  ].join('; ');
  const session = await pilotty.spawn('closing', ['sh', '-c', script], { pipe: true });
  const open = await pilotty.spawn('open', ['cat'], { pipe: true });
  await client.request('session.type', { session: open, text: 'one', enter: true, wait: { text: 'one' } });
  await client.request('session.wait', { session, text: 'a half ä' });
  await client.request('session.type', {
    session,
    text: '',
    eof: true,
    wait: { text: 'over', stream: 'stderr' },
  });
  const before = [await answersOf(pilotty, session), await answersOf(pilotty, open)];
  const { sessions } = await upgrade(pilotty);
  expect(sessions).toBe(2);
  expect([await answersOf(pilotty, session), await answersOf(pilotty, open)]).toEqual(before);
  expect(await client.request('session.status', { session })).toMatchObject({ pipe: { stdin: 'closed' } });
  await expect(client.request('session.type', { session, text: 'late' })).rejects.toMatchObject({
    code: 'UNAVAILABLE',
  });
  // A character of which the first byte was written by then.
  expect((await pilotty.run('output', '-s', 'closing', '--stream', 'stderr')).stdout).toBe('ä wholeover');
  writeFileSync(join(pilotty.home, 'go'), '');
  expect(await client.request('session.wait', { session, exit: true })).toMatchObject({
    exit: { exit_code: 4, output_complete: true },
  });
  const { total_bytes: written } = (await client.request('session.status', { session: open })).retention;
  expect(written).toBe('one\n'.length);
  await client.request('session.restart', { session: open });
  const again = { session: open, text: 'two', enter: true, eof: true, wait: { exit: true } };
  expect(await client.request('session.type', again)).toMatchObject({ wait: { exit: { exit_code: 0 } } });
  expect((await pilotty.run('output', '-s', 'open')).stdout).toBe('one\ntwo\n');
});

test('a new daemon that fails leaves the pipes as they were', async ({ pilotty }) => {
  const { client } = pilotty;
  const session = await pilotty.spawn('kept', ['cat'], { pipe: true });
  await client.request('session.type', { session, text: 'one', enter: true, wait: { text: 'one' } });
  const [, successor] = program('successor.cjs');
  const before = await answersOf(pilotty, session);
  for (const step of ['exits', 'format', 'refuses', 'ready', 'go']) {
    const path = join(pilotty.home, `${step}.cjs`);
    writeFileSync(path, `process.argv.splice(2, Infinity, '${step}'); require('${successor}');`);
    await expect(client.request('daemon.upgrade', { program: path }), step).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    });
    expect(await answersOf(pilotty, session), step).toEqual(before);
  }
  const rest = { session, text: 'two', enter: true, eof: true, wait: { exit: true } };
  expect(await client.request('session.type', rest)).toMatchObject({
    wait: { exit: { exit_code: 0, output_complete: true } },
  });
  expect((await pilotty.run('output')).stdout).toBe('one\ntwo\n');
});

test('input that is not read, and a reader that a program waits for, are in the way: refused, with nothing done', async ({
  pilotty,
}) => {
  const { client } = pilotty;
  const { pid } = await client.request('daemon.info', {});
  const refused = async (reason: RegExp) => {
    await expect(upgrade(pilotty)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringMatching(reason),
    });
    expect((await client.request('daemon.info', {})).pid).toBe(pid);
  };
  const script = 'until [ -e go ]; do sleep 0.05; done; wc -c';
  const session = await pilotty.spawn('deaf', ['sh', '-c', script], { pipe: true });
  // More than a pipe holds.
  const typed = client.request('session.type', { session, text: 'x'.repeat(200_000), eof: true });
  await refused(/'deaf' .*has not read all of its input|session.type .*is still being answered/);
  writeFileSync(join(pilotty.home, 'go'), '');
  await typed;
  await client.request('session.wait', { session, exit: true });
  expect((await pilotty.run('output', '-s', 'deaf')).stdout.trim()).toBe('200000');

  const held = await pilotty.spawn('held', ['cat'], { pipe: true, retain_bytes: 1 << 20 });
  const stop = new AbortController();
  const reading = client
    .request('session.output', { session: held, follow: true, hold_back: true }, { signal: stop.signal })
    .catch(() => {});
  await refused(/session.output .*is still being answered/);
  stop.abort();
  await reading;
  await upgrade(pilotty);
  await client.request('session.type', { session: held, text: 'on', eof: true, wait: { exit: true } });
});
