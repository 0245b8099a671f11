/** What lets a rule rest while nothing of what it looks for is there, and how much work is done at once. */
import { expect } from 'vitest';
import { inSlices } from '../../packages/daemon/src/rules/in-slices.ts';
import { signsOf } from '../../packages/daemon/src/rules/signs.ts';
import { type Awaited, NO_CONDITION } from '../../packages/daemon/src/waiting/condition.ts';
import { test } from '../harness/pilotty.ts';

const signs = (awaited: Partial<Awaited>) => signsOf({ ...NO_CONDITION, any: true, ...awaited });

test('a sign stands in whatever a rule looks for; where that cannot be told, the rule does not rest', () => {
  expect(signs({ text: 'error TS ' })).toEqual([{ text: 'error TS', word: 'error' }]);
  expect(signs({ text: ['one', 'two'], regex: 'three[0-9]' })?.map(({ text }) => text)).toEqual([
    'one',
    'two',
    'three',
  ]);
  expect(signs({ text: 'done', exit: true })).toHaveLength(1);
  for (const awaited of [
    { regex: '[a-z]+' },
    { regex: 'one|two' },
    { regex: '(?i)error' },
    { regex: 'ok' },
    { text: ['word', ' '] },
    { text: '$ ' },
    { text: 'word', idle_ms: 5 },
    { text: 'word', gone: 'other' },
    { text: 'word', new: true },
    { text: 'word', prompt: true },
    { text: ['one', 'two'], any: false },
    { text: 'one', exit: true, any: false },
    { exit: true },
  ])
    expect(signs(awaited), JSON.stringify(awaited)).toBeUndefined();
  expect(signs({ text: 'one', any: false })).toHaveLength(1);
});

test('what takes long is done a part at a time, all of it and in order, and others have their turn', async () => {
  const done: number[] = [];
  let turns = 0;
  const count = setInterval(() => turns++, 0);
  await inSlices([1, 2, 3], (item) => {
    const end = performance.now() + 10;
    while (performance.now() < end);
    done.push(item);
  });
  clearInterval(count);
  expect(done).toEqual([1, 2, 3]);
  expect(turns).toBeGreaterThan(0);
});

test('rules that rest fire for what comes after an input, a flood, a clearing, a resize and an upgrade, each time once', async ({
  pilotty,
}) => {
  const { client } = pilotty;
  const script = [
    'stty -echo; echo ready',
    'while read -r line; do case $line in',
    'flood) seq 1 20000; echo flooded;;',
    'clear) printf "\\033[2J\\033[H"; echo cleared;;',
    'pieces) printf "ma"; printf "rk 9."; echo;;',
    '*) echo "got $line";; esac; done',
  ].join('\n');
  await pilotty.spawn('s', ['sh', '-c', script]);
  await client.request('session.wait', { session: 's', text: 'ready' });
  const add = (also: object) => client.request('rules.add', { sessions: ['s'], repeat: 'each', ...also });
  const text = await add({ text: 'mark 9.' });
  const regex = await add({ regex: 'mark \\d\\.' });
  for (let number = 0; number < 50; number++) await add({ text: `never ${number}` });
  let after = 0;
  const seen: Record<string, number> = { [text.rule]: 0, [regex.rule]: 0 };
  const say = async (line: string, shown = `got ${line}`) => {
    await client.request('session.type', { session: 's', text: line, enter: true });
    await client.request('session.wait', { session: 's', text: shown });
  };
  const fires = async (line: string, shown?: string) => {
    await say(line, shown);
    const wanted = Object.values(seen).reduce((sum, count) => sum + count, 0) + 2;
    while (Object.values(seen).reduce((sum, count) => sum + count, 0) < wanted) {
      const answer = await client.request('rules.wait', { after });
      after = answer.event_cursor;
      for (const { rule = '', type } of answer.rule_events)
        if (type === 'rule') seen[rule] = (seen[rule] ?? 0) + 1;
    }
  };
  await fires('mark 9.');
  await say('flood', 'flooded');
  await fires('pieces', 'mark 9.');
  await say('clear', 'cleared');
  await fires('mark 9.');
  await say('clear', 'cleared');
  await client.request('session.resize', { session: 's', cols: 60, rows: 10 });
  await fires('mark 9.');
  await say('clear', 'cleared');
  await pilotty.run('daemon', '--upgrade');
  await fires('mark 9.');
  await say('other');
  const { rules } = await client.request('rules.list', {});
  const firings = rules.map(({ firings: count }) => count);
  expect(firings).toEqual([5, 5, ...Array.from({ length: 50 }, () => 0)]);
  expect(seen).toEqual({ [text.rule]: 5, [regex.rule]: 5 });
});
