/** Programs with the SDK, each in a scope of its own. */
import { expect } from 'vitest';
import { test } from '../harness/pilotty.ts';
import { sdk } from './built.ts';
import { endGateway, gatewayOf } from './ways.ts';

for (const way of ['over the socket', 'through a gateway'] as const) {
  test(`${way} two have the same names side by side`, async ({ pilotty }) => {
    const place = way === 'over the socket' ? { socketDir: pilotty.socketDir } : await gatewayOf(pilotty);
    const [a, b, none] = await Promise.all(['a', 'b', null].map((scope) => sdk.connect({ ...place, scope })));
    try {
      if (a === undefined || b === undefined || none === undefined) throw new Error('not connected');
      const [ofA, ofB] = [await a.spawn('cat', { name: 'build' }), await b.spawn('cat', { name: 'build' })];
      await none.spawn('cat', { name: 'build' });
      expect([ofA.name, ofB.name]).toEqual(['a+build', 'b+build']);
      await a.session('build').send(['for a', 'Enter'], { wait: { text: 'for a' } });
      expect((await ofB.snapshot()).text).not.toContain('for a');
      expect((await b.session('a+build').snapshot()).text).toContain('for a');
      const names = async (client: typeof a) => (await client.list()).sessions.map(({ name }) => name);
      expect(await names(a)).toEqual(['a+build']);
      expect(await names(none)).toEqual(['a+build', 'b+build', 'build']);
      expect((await b.list({ scope: '*' })).sessions).toHaveLength(3);
      await expect(b.attach('+build')).resolves.toMatchObject({ name: 'build' });
      await expect(b.attach('other')).rejects.toThrow("Session 'b+other' not found");
    } finally {
      for (const client of [a, b, none]) await client?.close();
      if (way === 'through a gateway') await endGateway(pilotty);
    }
  });
}

test('the environment has the default', async ({ pilotty }) => {
  const before = process.env.PILOTTY_SCOPE;
  process.env.PILOTTY_SCOPE = 'env';
  try {
    await using named = await sdk.spawn('cat', { name: 'build' }, { socketDir: pilotty.socketDir });
    expect(named.name).toBe('env+build');
    await using free = await sdk.spawn(
      'cat',
      { name: 'build' },
      { socketDir: pilotty.socketDir, scope: null },
    );
    expect(free.name).toBe('build');
  } finally {
    if (before === undefined) delete process.env.PILOTTY_SCOPE;
    else process.env.PILOTTY_SCOPE = before;
  }
});
