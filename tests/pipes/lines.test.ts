/** Lines of a program without a terminal: each is of one stream and of one run, whatever came in between. */
import { expect, test as plainTest } from 'vitest';
import { Retention } from '../../packages/daemon/src/pty/retention.ts';
import type { Stream } from '../../packages/daemon/src/pty/stream-marks.ts';
import { linesOfStreams } from '../../packages/daemon/src/search/stream-lines.ts';
import { test } from '../harness/pilotty.ts';

/** Goes on when it is sent a line. */
const CUT =
  'seq 100; printf "50%% done"; read a; echo "error: disk full" >&2; read a; echo " 60%"; printf begun; read a';

test('a line of stderr is none of an unfinished one of stdout, for all who read lines', async ({
  pilotty,
}) => {
  await pilotty.run('spawn', '--pipe', '--name', 'cut', 'sh', '-c', CUT);
  await pilotty.run('wait', '-s', 'cut', '--text', '50% done');
  // Who types the second line.
  await pilotty.run('on', '-s', 'cut', '--regex', '^error', '--type', 'go', '--key', 'Enter');
  const early = pilotty.start('wait', '-s', 'cut', '--regex', '^error.*full$');
  await pilotty.run('type', '-s', 'cut', 'go', '--enter', '--wait-regex', '^error');
  expect((await early.answer).json()).toMatchObject({
    outcome: 'matched',
    match: { text: 'error: disk full' },
  });
  expect((await pilotty.run('wait', '-s', 'cut', '--text', 'begun')).json().outcome).toBe('matched');
  const printed = async (pattern: string) =>
    (await pilotty.run('grep', '-s', 'cut', '-r', pattern, '--json')).json().matches;
  expect(await printed('[a-z]')).toMatchObject([
    { line: 'error: disk full', line_number: 101 },
    { line: '50% done 60%', line_number: 102 },
    { line: 'begun', line_number: 103 },
  ]);
  const { results } = (await pilotty.run('gather', '-s', 'cut', '--lines', '4', '--json')).json();
  expect(results[0].lines).toEqual(['50% done', 'error: disk full', ' 60%', 'begun']);
  const inspected = (await pilotty.run('inspect', '-s', 'cut')).json();
  expect(inspected.output).toMatch(/50% done\nerror: disk full\n 60%\nbegun$/);
  // The streams themselves have nothing that was not written.
  const { stdout, stderr } = await pilotty.run('output', '-s', 'cut');
  expect([stdout.slice(stdout.indexOf('50%')), stderr]).toEqual([
    '50% done 60%\nbegun',
    'error: disk full\n',
  ]);
  const found = await pilotty.run('wait', '-s', 'cut', '--stream', 'stdout', '--regex', '^50% done 60%$');
  expect(found.json().outcome).toBe('matched');
});

test('a line of one run goes on in no other', async ({ pilotty }) => {
  await pilotty.run('spawn', '--pipe', '--name', 'job', 'sh', '-c', 'printf unfinished; read a');
  await pilotty.run('wait', '-s', 'job', '--text', 'unfinished');
  await pilotty.run('restart', '-s', 'job', '--wait-regex', '^unfinished$');
  const { matches } = (await pilotty.run('grep', '-s', 'job', 'finished', '--json')).json();
  expect(matches).toMatchObject([{ line: 'unfinished' }, { line: 'unfinished' }]);
  const { results } = (await pilotty.run('gather', '-s', 'job', '--json')).json();
  expect(results[0].lines).toEqual(['unfinished', 'unfinished']);
  expect((await pilotty.run('output', '-s', 'job')).stdout).toBe('unfinishedunfinished');
  const wait = ['wait', '-s', 'job', '--stream', 'stdout', '--timeout', '0s'];
  expect((await pilotty.run(...wait, '--regex', '^unfinished$')).json().outcome).toBe('matched');
  expect((await pilotty.run(...wait, '--text', 'unfinishedun')).json().outcome).toBe('deadline');
});

function retained(parts: readonly (readonly [Stream, string])[], limit = 100_000): Retention {
  const retention = new Retention(limit, { cols: 80, rows: 24 }, true);
  for (const [stream, text] of parts) {
    retention.markStream(stream);
    retention.append(Buffer.from(text, 'latin1'));
  }
  return retention;
}

function linesIn(retention: Retention, pieceBytes: number, between = () => {}) {
  const missed: number[] = [];
  const stretch = { from: 0, end: retention.totalBytes, isCut: false };
  const asOutput = (texts: string[]) => texts;
  const lines = linesOfStreams(retention, stretch, { pieceBytes, asOutput }, (bytes) => missed.push(bytes));
  const all: string[] = [];
  for (let part = lines.next(); ; part = lines.next()) {
    all.push(...part.value);
    if (part.done) return { lines: all, missed };
    between();
  }
}

plainTest.each([1, 2, 3, 7, 16_384])('they come as they end, in pieces of %i bytes', (pieceBytes) => {
  const retention = retained([
    ['stdout', 'a begun \xc3'],
    ['stderr', 'whole\nand \xe2\x82'],
    ['stdout', '\xbc line\n\nnext'],
    ['stderr', '\xac\n'],
    ['stdout', ''],
  ]);
  retention.markRun();
  retention.markStream('stdout');
  retention.append(Buffer.from('of another run\nlast'));
  retention.markStream('stderr');
  retention.append(Buffer.from('last as well'));
  const { lines } = linesIn(retention, pieceBytes);
  const before = ['whole', 'a begun ü line', '', 'and €', 'next'];
  expect(lines).toEqual([...before, 'of another run', 'last', 'last as well']);
});

plainTest('what is dropped cuts a line of the stream that it ends in, and of no other', () => {
  const long = 'x'.repeat(50);
  const retention = retained(
    [
      ['stdout', `${long}\n${long}`],
      ['stderr', 'whole\n'],
      ['stdout', `${long}\nkept\n`],
    ],
    80,
  );
  expect(retention.start).toBeGreaterThan(51);
  expect(linesIn(retention, 16).lines).toEqual(['whole', 'kept']);
  const other = retained([['stdout', 'one\ntwo\n']], 20);
  let isFirst = true;
  const { lines, missed } = linesIn(other, 4, () => {
    if (!isFirst) return;
    isFirst = false;
    other.append(Buffer.from('three\nfour\nfive\nsix\n'));
  });
  expect([lines, missed]).toEqual([['one'], [4]]);
});

plainTest('what follows an unfinished line of the other stream, or of another run, is told', () => {
  const retention = new Retention(1000, { cols: 80, rows: 24 }, true);
  const print = (stream: Stream, text: string) => {
    const begins = retention.markStream(stream);
    retention.append(Buffer.from(text));
    return begins;
  };
  expect([print('stderr', 'a'), print('stderr', 'b'), print('stdout', 'c\n'), print('stderr', 'd')]).toEqual([
    false,
    false,
    true,
    false,
  ]);
  retention.markRun();
  const next = new Retention(1000, { cols: 80, rows: 24 }, true);
  next.adopt(retention.state);
  expect([next.runStartAfter(0), next.markStream('stderr'), retention.markStream('stderr')]).toEqual([
    5,
    true,
    true,
  ]);
});
