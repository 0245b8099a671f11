/** A terminal that reads line by line keeps 4095 bytes of a line: more is refused, not cut. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { test } from '../harness/pilotty.ts';
import { needs, program } from '../harness/programs.ts';

const tooLong = { code: 'INVALID_INPUT', details: { max_line_bytes: 4095 } };

test('a line that the terminal would cut is refused before any of it is sent', async ({ pilotty }) => {
  const { client } = pilotty;
  const session = await pilotty.spawn('cat', [
    'sh',
    '-c',
    'stty -echo; echo ready; cat > got; echo done; cat',
  ]);
  await client.request('session.wait', { session, text: 'ready' });
  const line = 'a'.repeat(4095);
  for (const asked of [
    client.request('session.type', { session, text: `${line}a`, enter: true }),
    client.request('session.type', { session, text: `short\n${line}a\n` }),
    client.request('session.type', { session, data_base64: Buffer.from(`${line}a`).toString('base64') }),
    client.request('session.type', { session, text: `${line}a`, secret: true }),
    client.request('session.paste', { session, text: `short\n${line}a` }),
  ]) {
    await expect(asked).rejects.toMatchObject(tooLong);
  }
  const cli = await pilotty.run('type', '-s', session, `${line}ä`, '--enter');
  expect([cli.code, cli.error().message]).toEqual([2, expect.stringContaining('A line of 4097 bytes')]);
  // Lines that fit, however many; and one in two parts, as long as both together fit.
  await client.request('session.type', { session, text: `${line}\n${line}`, enter: true });
  await client.request('session.type', { session, text: 'b'.repeat(4000) });
  await expect(client.request('session.type', { session, text: 'b'.repeat(96) })).rejects.toMatchObject(
    tooLong,
  );
  await client.request('session.type', { session, text: 'b'.repeat(95), enter: true });
  await client.request('session.key', { session, keys: 'Ctrl+D', wait: { text: 'done' } });
  const got = readFileSync(join(pilotty.home, 'got'), 'utf8');
  expect(got.split('\n').map(({ length }) => length)).toEqual([4095, 4095, 4095, 0]);
});

test('a program that reads key by key takes lines of any length', async ({ pilotty }) => {
  const { client } = pilotty;
  const session = await pilotty.spawn('raw', program('echo-keys.cjs'), { size: { cols: 200, rows: 100 } });
  await client.request('session.wait', { session, text: 'ready' });
  const { bytes } = await client.request('session.type', {
    session,
    text: `${'a'.repeat(9000)}!`,
    wait: { text: '21' },
  });
  expect(bytes).toBe(9001);
});

test('behind the first line of several, a shell reads line by line', async ({ pilotty }) => {
  needs('bash');
  const { client } = pilotty;
  for (const argv of [['bash'], ['bash', '--norc']]) {
    const session = await pilotty.spawn('bash', argv);
    await client.request('session.wait', { session, prompt: true });
    const long = `echo ${'a'.repeat(5000)} | wc -c`;
    const text = `sleep 0.1\n${long}`;
    await expect(client.request('session.type', { session, text, enter: true })).rejects.toMatchObject(
      tooLong,
    );
    const alone = { session, text: long, enter: true, wait: { text: '5001' } };
    expect((await client.request('session.type', alone)).wait?.outcome).toBe('matched');
    await client.request('session.kill', { session });
  }
});
