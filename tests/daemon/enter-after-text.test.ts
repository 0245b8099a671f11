/**
 * Enter that comes in the same read as a text is a part of a paste, to programs that look at that; a key in the same read as
 * Escape is Alt and that key.
 */
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

test('a key right after Escape is a key of its own, whoever sends it and in whichever request', async ({
  pilotty,
}) => {
  const { client } = pilotty;
  const session = await pilotty.spawn('bursts', program('bursts.cjs'));
  await client.request('session.wait', { session, text: 'ready' });
  const key = (keys: string) => client.request('session.key', { session, keys });
  const answers = await Promise.all([
    key('a'),
    key('Escape'),
    key('b'),
    key('Escape'),
    client.request('session.type', { session, text: 'c' }),
    client.request('session.send', { session, parts: [{ text: 'd' }, { key: 'Escape' }] }),
    client.request('session.key', { session, keys: 'e', wait: { text: '<65>' } }),
  ]);
  expect(answers.at(-1)?.wait?.outcome).toBe('matched');
  await key('Escape');
  const { stdout: batch } = await pilotty.run('batch', { input: `key -s ${session} f --wait-text '<66>'\n` });
  expect(batch).toContain('"matched"');
  const { stdout } = await pilotty.run('output', '-s', session);
  const shown = stdout
    .replaceAll(/<([0-9a-f]+)>\s*/g, '$1 ')
    .replace('ready', '')
    .trim();
  expect(shown.split(/\s+/).join('')).toBe('611b621b63641b651b66');
  // Whatever else is read at once: nothing is read together with the Escape before it.
  expect(shown).not.toMatch(/1b[0-9a-f]/);
});
