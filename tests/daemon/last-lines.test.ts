/** The last lines of a session, whatever has become of them on its screen: as its output has them. */
import { expect } from 'vitest';
import { test } from '../harness/pilotty.ts';

const ERASERS = [
  ['clear-all', '\\033[H\\033[2J\\033[3J'],
  ['ED2', '\\033[2J'],
  ['ED-below', '\\033[H\\033[J'],
  ['ED-above', '\\033[999;999H\\033[1J'],
  ['RIS', '\\033c'],
] as const;

test('what stood before a clear is among the last lines, as in the output', async ({ pilotty }) => {
  for (const [name, eraser] of ERASERS) {
    const script = `printf 'error TS1005\\nsecond\\n${eraser}\\033[HWatching'`;
    await pilotty.spawn(name, ['sh', '-c', script]);
  }
  for (const [name] of ERASERS) await pilotty.client.request('session.wait', { session: name, exit: true });
  const { results } = (await pilotty.run('gather', '--all', '--json')).json();
  const found = results.map(({ session, lines }: { session: string; lines: string[] }) => [session, lines]);
  expect(found).toEqual(ERASERS.map(([name]) => [name, ['error TS1005', 'second', 'Watching']]));
  for (const [name] of ERASERS)
    expect((await pilotty.run('output', '-s', name)).stdout.trim().split('\n')).toHaveLength(3);
});

test('lines that have left a short scrollback are gathered as well, the last as many as are asked for', async ({
  pilotty,
}) => {
  const session = await pilotty.spawn('long', ['seq', '20000'], { scrollback: 0 });
  await pilotty.client.request('session.wait', { session, exit: true });
  const { results } = await pilotty.client.request('sessions.gather', { all: true, lines: 1000 });
  expect(results[0]?.lines).toEqual(Array.from({ length: 1000 }, (_, index) => `${19_001 + index}`));
});

test('several clears, and a screen that is full again after the last', async ({ pilotty }) => {
  const frames = 'for i in 1 2 3; do printf "\\033[H\\033[2J"; seq $((i * 100)) $((i * 100 + 29)); done';
  const session = await pilotty.spawn('frames', ['sh', '-c', frames]);
  await pilotty.client.request('session.wait', { session, exit: true });
  const tail = async (lines: number) =>
    (await pilotty.client.request('sessions.gather', { all: true, lines })).results[0]?.lines;
  const all = [1, 2, 3].flatMap((frame) => Array.from({ length: 30 }, (_, line) => `${frame * 100 + line}`));
  expect(await tail(10)).toEqual(all.slice(-10));
  expect(await tail(70)).toEqual(all.slice(-70));
  expect(await tail(1000)).toEqual(all);
});

test('a session that waits is shown with its whole last line, also where that began above its screen', async ({
  pilotty,
}) => {
  const line = 'x'.repeat(500);
  const argv = ['sh', '-c', `printf 'before\\n${line} END'; exec cat`];
  const session = await pilotty.spawn('wide', argv, { size: { cols: 40, rows: 5 }, tags: ['t'] });
  await pilotty.client.request('session.wait', { session, text: 'END' });
  const asked = { tags: ['t'], text: 'never', timeout_ms: 50 };
  expect((await pilotty.client.request('sessions.wait', asked)).waiting[0]?.last_line).toBe(`${line} END`);
});

test('a wait finds what was printed since the input and erased since, before it began or in the same write', async ({
  pilotty,
}) => {
  const { client } = pilotty;
  const shell = ['sh', '-c', 'stty -echo; echo ready; while read -r line; do printf "$line"; done'];
  const session = await pilotty.spawn('eraser', shell);
  await client.request('session.wait', { session, text: 'ready' });
  for (const [name, eraser] of ERASERS.slice(0, 2).concat(ERASERS.slice(-1))) {
    const word = name.replace(/\W/g, '');
    const text = `${word}-${eraser}after-${word}\\n`;
    const sent = { session, text, enter: true };
    // In the act, while it is printed.
    const act = await client.request('session.type', { ...sent, wait: { text: `${word}-`, new: true } });
    expect(act.wait?.outcome, name).toBe('matched');
    // All of it has come: what is read only after the next input would be taken for the answer to that.
    const rest = await client.request('session.wait', { session, text: `after-${word}`, new: true });
    expect(rest.outcome, name).toBe('matched');
    // And once all of it is over.
    await client.request('session.type', { ...sent, wait: { text: `after-${word}` } });
    const later = { session, text: `${word}-`, timeout_ms: 10_000 };
    expect((await client.request('session.wait', { ...later, new: true })).outcome, name).toBe('matched');
    const line = { session, regex: `^${word}-$`, new: true, timeout_ms: 10_000 };
    expect((await client.request('session.wait', line)).outcome, name).toBe('matched');
  }
});
