/** What a command that acts prints: its answer, the screen alone, or nothing; and the same exit code each time. */
import { expect, test } from 'vitest';
import { test as live } from '../harness/pilotty.ts';
import { runInProcess } from './in-process.ts';

const screen = { format: 'text' as const, text: '--- Terminal 80x24 | Cursor: (0, 2) ---\n$ [_]' };
const reached = { outcome: 'matched', holds: true } as const;
const missed = { outcome: 'deadline', holds: false, note: 'Timed out after 30 s waiting for "x".' } as const;

function act(line: string, answer: object) {
  const answers = { 'session.key': answer };
  return runInProcess(['key', ...line.split(' ')], { answers });
}

test('-f text prints the screen alone', async () => {
  const { requests, ...printed } = await act('Enter -f text', { type: 'keys_sent', screen });
  expect(printed).toMatchObject({ code: 0, stdout: `${screen.text}\n`, stderr: '' });
  expect(requests[0]?.params).toMatchObject({ snapshot: { format: 'text' } });
});

test('what was waited for and did not come is said on stderr, with the exit code of a wait', async () => {
  const late = await act('Enter --wait-text x -f text', { screen, wait: missed });
  expect([late.code, late.stdout, late.stderr]).toEqual([3, `${screen.text}\n`, `note: ${missed.note}\n`]);
  const ended = await act('Enter --wait-text x -f text', { screen, wait: { ...missed, outcome: 'exited' } });
  expect(ended.code).toBe(4);
  const inTime = await act('Enter --wait-text x -f text', { screen, wait: reached });
  expect([inTime.code, inTime.stderr]).toEqual([0, '']);
});

test('-q prints nothing, and the whole answer where a wait failed', async () => {
  expect(await act('Enter -q --wait-text x', { wait: reached })).toMatchObject({ code: 0, stdout: '' });
  const late = await act('Enter -q --wait-text x', { wait: missed });
  expect([late.code, JSON.parse(late.stdout)]).toEqual([3, { wait: missed }]);
});

test.for([
  ['status -q', { 'session.status': { type: 'status' } }, 0, ''],
  ['wait --exit -q', { 'session.wait': reached }, 0, ''],
  ['wait-for x -q', { 'session.wait': missed }, 3, missed],
  ['kill -q', { 'session.kill': { results: [] } }, 0, ''],
  ['grep -q x', { 'sessions.grep': { matches: [{ session: 'a', line: 'x' }] } }, 0, ''],
  ['grep -q y', { 'sessions.grep': { matches: [] } }, 1, ''],
  ['exec -q false', { 'session.exec': { outcome: 'matched', exit_code: 1, signal: null } }, 1, ''],
] as const)('%s prints no result, unless it fails', async ([line, answers, code, printed]) => {
  const {
    code: exitCode,
    stdout,
    stderr,
  } = await runInProcess(line.split(' '), { answers: answers as object });
  expect([exitCode, stderr]).toEqual([code, '']);
  expect(stdout).toBe(printed === '' ? '' : `${JSON.stringify(printed)}\n`);
});

test.for(['wait --text x', 'wait-for x'])('%s -f text is the screen that the wait ended on', async (line) => {
  const looked = { type: 'screen_state', ...screen, wait: missed, note: missed.note };
  const { code, stdout, stderr, requests } = await runInProcess([...line.split(' '), '-f', 'text'], {
    answers: { 'session.snapshot': looked } as object,
  });
  expect(requests).toMatchObject([
    { method: 'session.snapshot', params: { format: 'text', wait: { text: expect.anything() } } },
  ]);
  expect([code, stdout, stderr]).toEqual([3, `${screen.text}\n`, `note: ${missed.note}\n`]);
});

test('--json -f text is an answer in JSON that has the screen', async () => {
  const { stdout } = await act('Enter --json -f text', { type: 'keys_sent', screen });
  expect(JSON.parse(stdout)).toEqual({ type: 'keys_sent', screen });
});

test.for([
  ['key x -f text -q', /--format does not go with --quiet/],
  ['key x -f text --snapshot', /--snapshot does not go with --format/],
  ['key x -s a* -f png', /--format png goes with one session.*--snapshot png/],
  ['wait --exit -s a* -f text', /--format is for one session.*pilotty gather/],
  ['spawn -q --snapshot=text cat', /--snapshot does not go with --quiet/],
] as const)('%s is refused, and nothing is sent', async ([line, message]) => {
  const { code, stderr, requests } = await runInProcess(line.split(' '));
  expect([code, requests]).toEqual([2, []]);
  expect(stderr).toMatch(message);
});

test('screens of several sessions stand below each other', async () => {
  const results = [
    { session: 'a', ok: true, result: { type: 'keys_sent', screen, wait: reached } },
    { session: 'b', ok: true, result: { type: 'keys_sent', screen, wait: missed } },
    { session: 'c', ok: false, error: { code: 'SESSION_EXITED', message: 'it has ended', suggestion: '' } },
  ];
  const answers = { 'sessions.each': { results } };
  const { code, stdout, stderr } = await runInProcess(['key', '-s', '*', '-f', 'text', 'x'], { answers });
  expect([code, stdout, stderr]).toEqual([
    3,
    `==> a <==\n${screen.text}\n==> b <==\n${screen.text}\n`,
    `note: b: ${missed.note}\nnote: c: SESSION_EXITED: it has ended\n`,
  ]);
});

live('the screen that an act led to is what snapshot prints', async ({ pilotty }) => {
  const typed = ['--wait-text', 'got hi', '-f', 'text'];
  const script = 'stty -echo; echo ready; read x; echo "got $x"; read y';
  const begun = await pilotty.run('spawn', '-f', 'text', '--wait-text', 'ready', 'sh', '-c', script);
  expect(begun).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^--- Terminal.*\nready\n/),
    stderr: '',
  });
  const acted = await pilotty.run('type', 'hi', '--enter', ...typed);
  const looked = await pilotty.run('snapshot', '-f', 'text');
  expect(acted).toMatchObject({ code: 0, stdout: looked.stdout, stderr: '' });
  expect(await pilotty.run('key', 'Enter', '-q', '--wait-exit')).toMatchObject({
    code: 0,
    stdout: '',
    stderr: '',
  });
});
