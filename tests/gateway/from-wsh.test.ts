/** docs/from-wsh.md: what its table promises to a client of wsh is there. */
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { routes } from '../../apps/gateway/src/routes/index.ts';
import { test } from './served.ts';

const guide = readFileSync(new URL('../../docs/from-wsh.md', import.meta.url), 'utf8');

test('every route that the guide names is one', () => {
  const named = [...guide.matchAll(/`(GET|POST|PATCH|DELETE) (\/[^`?]*)/g)];
  expect(named.length).toBeGreaterThan(10);
  const besides = ['GET /openapi.json', 'GET /docs', 'POST /mcp'];
  const unknown = named.filter(([, method, path = '']) => {
    const isRoute = routes.some((route) => {
      const pattern = new RegExp(`^${route.path.replaceAll(/:\w+/g, '[^/]+')}$`);
      return route.method === method && pattern.test(path);
    });
    return !isRoute && !besides.includes(`${method} ${path}`);
  });
  expect(unknown.map(([, method, path]) => `${method} ${path}`)).toEqual([]);
});

test('the loop of a client of wsh: create with input, race to be idle, read, tag, kill', async ({
  served,
}) => {
  for (const name of ['one', 'two']) {
    const json = { name, tags: ['ci'], argv: ['sh'], send: `echo ${name} is $((40+2))` };
    expect((await served.ask('POST /sessions/', { json })).status).toBe(201);
    await served.ask(`POST /sessions/${name}/wait`, { json: { text: `${name} is 42` } });
  }
  const { sessions } = (await served.ask('GET /sessions/?tag=ci')).json();
  expect(sessions.map(({ name }: { name: string }) => name)).toEqual(['one', 'two']);
  const query = 'tag=ci&timeout_ms=50&max_wait_ms=20000&format=styled';
  const first = (await served.ask(`GET /idle?${query}`)).json();
  expect(first).toMatchObject({ scrollback_lines: 0, generation: expect.any(Number) });
  expect(JSON.stringify(first.screen.lines)).toContain(`${first.session} is 42`);
  const told = `last_session=${first.session}&last_generation=${first.generation}`;
  const second = (await served.ask(`GET /idle?${query}&${told}`)).json();
  expect([first.session, second.session].sort()).toEqual(['one', 'two']);
  const fresh = await served.ask('GET /sessions/one/idle?timeout_ms=50&max_wait_ms=20000&fresh=true');
  expect(fresh.status).toBe(200);
  const never = await served.ask('GET /sessions/one/idle?timeout_ms=60000&max_wait_ms=1');
  expect([never.status, never.json().details.screen.text]).toEqual([408, expect.stringContaining('42')]);
  const input = await served.ask('POST /sessions/one/input', { body: 'exit 3\r' });
  expect(input.status).toBe(200);
  // In wsh it would be gone, with its exit code.
  const ended = await served.ask('POST /sessions/one/wait', { json: { exit: true } });
  expect(ended.json().exit).toMatchObject({ exit_code: 3 });
  const changed = await served.ask('PATCH /sessions/two', { json: { name: 'three', add_tags: ['new'] } });
  expect(changed.json()).toMatchObject({ name: 'three', tags: ['ci', 'new'] });
  expect((await served.ask('DELETE /sessions/three/')).status).toBe(200);
});
