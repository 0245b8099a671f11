/** Enter that comes in the same read as a text is a part of a paste, to programs that look at that. */
import { expect } from 'vitest';
import { test } from '../harness/pilotty.ts';
import { program } from '../harness/programs.ts';

test('Enter right after text is a key of its own, whoever sends it and in whichever request', async ({
  pilotty,
}) => {
  const { client } = pilotty;
  const session = await pilotty.spawn('bursts', program('bursts.cjs'));
  await client.request('session.wait', { session, text: 'ready' });
  const wait = { text: '<0d>' };
  const matched = { wait: { outcome: 'matched' } };
  // Sent without waiting for the answer to the first, as two clients might.
  const enter = { session, keys: 'Enter', wait };
  const [, afterPaste] = await Promise.all([
    client.request('session.paste', { session, text: 'abc' }),
    client.request('session.key', enter),
  ]);
  expect(afterPaste).toMatchObject(matched);
  const [, afterType] = await Promise.all([
    client.request('session.type', { session, text: 'def' }),
    client.request('session.key', enter),
  ]);
  expect(afterType).toMatchObject(matched);
  expect(await client.request('session.paste', { session, text: 'ghi', enter: true, wait })).toMatchObject(
    matched,
  );
  const lines = [`type -s ${session} jkl`, `key -s ${session} Enter --wait-text '<0d>'`];
  const batch = await pilotty.run('batch', { input: `${lines.join('\n')}\n` });
  expect(batch.stdout).toContain('"matched"');
  const { stdout } = await pilotty.run('output', '-s', session);
  const reads = ['abc', 'def', 'ghi', 'jkl'].flatMap((text) => [
    `<${Buffer.from(text).toString('hex')}>`,
    '<0d>',
  ]);
  expect(stdout.trim().split(/\s+/)).toEqual(['ready', ...reads]);
});
