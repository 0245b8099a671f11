/** Scopes over HTTP: the header says which; without it all sessions are seen, by their full names. */
import { expect } from 'vitest';
import { test } from './served.ts';

test('the header chooses the scope, and a token is never widened by it', async ({ served, pilotty }) => {
  const of = (scope: string) => ({ headers: { 'pilotty-scope': scope } });
  for (const scope of ['a', 'b']) {
    const json = { argv: ['cat'], name: 'build', tags: [`of-${scope}`] };
    const created = await served.ask('POST /sessions', { json, ...of(scope) });
    expect(created.json()).toMatchObject({ name: `${scope}+build` });
  }
  expect((await served.ask('GET /sessions/build', of('a'))).json()).toMatchObject({
    name: 'a+build',
    scope: 'a',
  });
  expect((await served.ask('GET /sessions/a+build')).json()).toMatchObject({ name: 'a+build' });
  expect((await served.ask('GET /sessions/build')).status).toBe(404);
  const names = async (headers: Record<string, string>) =>
    (await served.ask('GET /sessions', { headers }))
      .json()
      .sessions.map(({ name }: { name: string }) => name);
  expect(await names({ 'pilotty-scope': 'a' })).toEqual(['a+build']);
  expect(await names({})).toEqual(['a+build', 'b+build']);
  expect((await served.ask('GET /sessions', of('a b'))).json().code).toBe('INVALID_NAME');
  const shared = (await pilotty.run('serve', '--share', '--tag', 'of-a')).json();
  const authorization = `Bearer ${shared.token}`;
  expect(await names({ authorization, 'pilotty-scope': 'b' })).toEqual([]);
  expect(await names({ authorization, 'pilotty-scope': '*' })).toEqual(['a+build']);
  const foreign = await served.ask('GET /sessions/b+build', { headers: { authorization } });
  expect(foreign.status).toBe(404);
});
