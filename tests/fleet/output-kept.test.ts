/** How output gets into the stream: what is in the way leaves gaps that are said, nothing is there twice, and no program waits. */
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { needs } from '../harness/programs.ts';
import { until } from '../harness/until.ts';
import { storedOutput, untilKept } from './stored-output.ts';
import { TestFleet } from './test-fleet.ts';

let fleet: TestFleet;

beforeEach(async () => {
  needs('nats-server');
  fleet = new TestFleet();
  await fleet.nats.start();
});

afterEach(async () => {
  await fleet.close();
});

const stored = () => storedOutput(fleet);

const kept = (text: string) => untilKept(fleet, text);

/** A session that prints what is written into a file. @returns writes some, and waits until it is printed */
async function printer(host: string): Promise<(text: string) => Promise<void>> {
  const file = join(fleet.pilotty.directory, 'printed');
  writeFileSync(file, '');
  await fleet.spawnOn(host, 'printer', `exec tail -n +1 -f '${file}'`);
  const { client } = fleet.host(host);
  let bytes = 0;
  return async (text) => {
    appendFileSync(file, text);
    // The terminal writes a carriage return before each newline.
    bytes += Buffer.byteLength(text.replaceAll('\n', '\r\n'));
    await until('it to be printed', async () => {
      const { retention } = await client.request('session.output', { session: 'printer', tail: 0 });
      return retention.total_bytes === bytes;
    });
  };
}

/** Each message goes on where the one before ends. */
async function expectNoGapAndNothingTwice(): Promise<void> {
  const { outputs } = await stored();
  let end = 0;
  for (const { from, to } of outputs) {
    expect(from).toBe(end);
    end = to;
  }
}

test('a restart of NATS, one of the host and one of the daemon in between: all of it once, in order', async () => {
  await fleet.join('a', ['--keep-output', '8M']);
  const print = await printer('a');
  await print('first\n');
  await kept('first');
  await fleet.nats.kill();
  for (let line = 0; line < 20; line++) await print(`while NATS was gone ${line}\n`);
  await fleet.nats.start();
  await kept('gone 19');

  await fleet.kill('a');
  await print('while the host was gone\n');
  await fleet.join('a', ['--keep-output', '8M']);
  await kept('host was gone');

  const upgraded = await fleet.pilotty.run('daemon', '--upgrade', { env: fleet.host('a').env });
  expect(upgraded.code, upgraded.stderr).toBe(0);
  await print('after the upgrade\n');
  await kept('after the upgrade');
  await expectNoGapAndNothingTwice();
  const live = await fleet.all('output', '-s', 'a/printer');
  await fleet.kill('a');
  const { stdout, stderr } = await fleet.all('output', '-s', 'a/printer');
  expect(stdout).toBe(live.stdout);
  expect(stderr).not.toContain('missing');
});

test('what is no longer retained when the host is back is a gap, with its offsets, and never silent', async () => {
  await fleet.join('a', ['--keep-output', '8M'], { PILOTTY_RETAIN_BYTES: '65536' });
  const print = await printer('a');
  await print('the beginning\n');
  await kept('the beginning');
  await fleet.kill('a');
  await print('lost\n'.repeat(40_000));
  await print('the end\n');
  await fleet.join('a', ['--keep-output', '8M']);
  await kept('the end');
  await fleet.kill('a');
  const answer = await fleet.all('output', '-s', 'a/printer');
  const { from_stream, missed_bytes, truncated, next_offset, retention } = (
    await fleet.all('output', '-s', 'a/printer', '--json')
  ).json();
  const begin = 'the beginning\r\n'.length;
  const [gap] = from_stream.gaps;
  expect(from_stream.gaps).toEqual([{ offset: begin, next_offset: expect.any(Number) }]);
  expect({ truncated, missed_bytes }).toEqual({
    truncated: true,
    missed_bytes: gap.next_offset - gap.offset,
  });
  expect(retention.total_bytes).toBe(next_offset);
  // What is said and what is there are the whole.
  const shown = answer.stdout.replaceAll('\n', '\r\n').length;
  expect(shown + missed_bytes).toBe(next_offset);
  expect(answer.stdout).toMatch(/^the beginning\n(lost\n)+the end\n$/);
  expect(answer.stderr).toContain(`missing: ${gap.offset}-${gap.next_offset}`);
});

test('the stream is no larger than its bound, and what it has discarded is said', async () => {
  await fleet.join('a', ['--keep-output', '1M,30m']);
  await fleet.spawnOn(
    'a',
    'loud',
    'i=0; while [ $i -lt 60 ]; do head -c 50000 /dev/zero | tr "\\\\0" x; echo; i=$((i+1)); sleep 0.02; done; echo the end',
  );
  await kept('the end');
  const { bytes } = await stored();
  expect(bytes).toBeLessThanOrEqual(1024 * 1024);
  expect(bytes).toBeGreaterThan(256 * 1024);
  // Another host with other bounds is told which there are.
  await fleet.join('b', ['--keep-output', '64M']);
  await fleet.kill('a');
  const { output, missed_bytes, from_stream } = (await fleet.all('output', '-s', 'a/loud', '--json')).json();
  expect(output).toMatch(/^x+\n(x+\n)*the end\n$/);
  expect(from_stream.gaps[0].offset).toBe(0);
  expect(missed_bytes).toBeGreaterThan(1024 * 1024);
  await fleet.kill('b');
  const { stderr } = (await fleet.host('b').joining?.answer) ?? { stderr: '' };
  expect(stderr).toContain('other bounds, which stay: 1048576 bytes, 1800000 ms');
});

test('a flood takes as long whether it is kept, not kept, or NATS stands still', async () => {
  await fleet.join('kept', ['--keep-output', '8M']);
  await fleet.join('free');
  const flood = async (host: string, name: string) => {
    const startedAt = performance.now();
    await fleet.spawnOn(host, name, 'yes "a line of a flood that goes by" | head -c 15000000');
    await fleet.host(host).client.request('session.wait', { session: name, exit: true, timeout_ms: 120_000 });
    return performance.now() - startedAt;
  };
  const took = { free: Number.POSITIVE_INFINITY, kept: Number.POSITIVE_INFINITY };
  for (const round of [1, 2, 3])
    for (const host of ['free', 'kept'] as const)
      took[host] = Math.min(took[host], await flood(host, `flood-${round}`));
  process.kill(fleet.nats.pid, 'SIGSTOP');
  const stopped = await flood('kept', 'flood-4');
  process.kill(fleet.nats.pid, 'SIGCONT');
  // What is kept is read by two more processes on the same cores. A program that was waited for would not have ended.
  expect(took.kept).toBeLessThan(6 * took.free);
  expect(stopped).toBeLessThan(6 * took.free);
});

test('what matches PILOTTY_REDACT is in no message, wherever output is cut and the host goes on', async () => {
  await fleet.join('a', ['--keep-output', '8M'], { PILOTTY_REDACT: 'token-[a-z0-9]+' });
  const print = await printer('a');
  await print('one\nbefore token-ab');
  await kept('one');
  await fleet.kill('a');
  await print('cd9 after\nnext token-');
  await fleet.join('a', ['--keep-output', '8M']);
  await kept('after');
  await print('xyz12 end\nünd token-ö token-ß1 token-q.\n');
  await kept('ünd');
  // Whoever goes on within a secret gets nothing of it either.
  const parts: string[] = [];
  const within = Buffer.byteLength('one\r\nbefore token-a');
  const { client } = fleet.host('a');
  const asked = { session: 'printer', format: 'ansi', as_kept: true, since: within } as const;
  await client.request('session.output', asked, {
    onEvent: ({ output_base64 = '' }) => void parts.push(Buffer.from(output_base64, 'base64').toString()),
  });
  expect(parts.join('')).toMatch(/^\** after\r\nnext /);
  await fleet.kill('a');
  const { outputs } = await stored();
  expect(outputs.length).toBeGreaterThan(1);
  const whole = `one\r\nbefore ${'*'.repeat(11)} after\r\nnext ${'*'.repeat(11)} end\r\nünd token-ö token-ß1 *******.\r\n`;
  expect(outputs.map(({ text }) => text).join('')).toBe(whole);
  expect((await fleet.all('output', '-s', 'a/printer')).stdout).toBe(whole.replaceAll('\r', ''));
});
