/** An agent that is woken by a rule, and misses nothing while it thinks, or is away. */
import { expect } from 'vitest';
import { test } from './agents.ts';

const TICKS = ['sh', '-c', 'stty -echo; echo started; while read -r line; do echo "$line"; done'];
/** Of a build; only the last one is what the agent waits for. */
const STEPS = [...Array.from({ length: 19 }, (_, index) => `compiled part ${index}`), 'error TS2345: no'];

test('one call waits for what an agent that polls asks for after every step', async ({ near, pilotty }) => {
  await pilotty.spawn('build', TICKS);
  await pilotty.client.request('session.wait', { session: 'build', text: 'started' });
  const agent = await near({ tools: 'all' });
  const calls = { woken: 0, polling: 0 };
  const woken = async () => {
    const ask = (tool: string, given: Record<string, unknown>) => {
      calls.woken += 1;
      return agent.ask(tool, given);
    };
    const made = await ask('rule_add', { sessions: ['build'], regex: 'error TS\\d+' });
    const [, rule, after] = /^rule (r\d+),.* after (\d+) waits/.exec(made) ?? [];
    return await ask('rule_wait', { rules: [rule], after: Number(after) });
  };
  const answer = woken();
  const type = (text: string) =>
    pilotty.client.request('session.type', {
      session: 'build',
      text,
      enter: true,
      wait: { text },
    });
  for (const step of STEPS) {
    await type(step);
    calls.polling += 1;
    const seen = await agent.ask('look', { session: 'build' });
    if (seen.includes('error TS')) break;
  }
  expect(await answer).toMatch(
    /^outcome: matched, event_cursor \d+\nr1: met in build: regex\nerror TS2345: no$/,
  );
  expect(calls).toEqual({ woken: 2, polling: STEPS.length });
});

test('a wait that outlasts its call goes on by its cursor, also in another server', async ({
  near,
  pilotty,
}) => {
  await pilotty.spawn('build', TICKS);
  await pilotty.client.request('session.wait', { session: 'build', text: 'started' });
  const agent = await near({ tools: 'all', answerWithinMs: 50 });
  const made = await agent.ask('rule_add', { sessions: ['build'], regex: 'hit \\d', repeat: 'each' });
  const [, rule] = /^rule (r\d+),/.exec(made) ?? [];
  const waiting = await agent.ask('rule_wait', { rules: [rule] });
  const [, cursor] = /^outcome: still_waiting, event_cursor (\d+)$/.exec(waiting) ?? [];
  for (const text of ['hit 1', 'hit 2'])
    await pilotty.client.request('session.type', { session: 'build', text, enter: true, wait: { text } });
  await expect
    .poll(() => agent.ask('rule_list', { rules: [rule] }), { timeout: 20_000 })
    .toContain('fired 2, failed 0');
  const other = await near({ tools: 'all' });
  const fired = await other.ask('rule_wait', { rules: [rule], after: Number(cursor) });
  expect(fired).toMatch(
    /outcome: matched, event_cursor \d+\nr1: met in build: regex\nhit 1\nr1: met.*\nhit 2$/,
  );
  expect(await agent.ask('rule_remove', { rules: [rule] })).toBe(`removed: ${rule}`);
  expect(await agent.ask('rule_list', {})).toBe('there is no rule');
});
