/** Agents over MCP with the same names side by side: over stdio by the environment of the server, over HTTP by the query. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { expect } from 'vitest';
import type { Served } from '../gateway/served.ts';
import type { Pilotty } from '../harness/pilotty.ts';
import { Agent, test } from './agents.ts';

const SELF = { name: 'test', version: '1' };

async function overStdio(pilotty: Pilotty, scope: string): Promise<Agent> {
  const client = new Client(SELF);
  const env = { ...pilotty.env, PILOTTY_SCOPE: scope };
  const args = [pilotty.command, 'mcp', '--tools', 'all'];
  await client.connect(new StdioClientTransport({ command: process.execPath, args, env, cwd: pilotty.home }));
  return new Agent(client);
}

async function overHttp({ url, token }: Served, scope: string): Promise<Agent> {
  const client = new Client(SELF, { versionNegotiation: { mode: { pin: '2026-07-28' } } });
  const mcp = new URL('mcp', url);
  mcp.searchParams.set('tools', 'all');
  mcp.searchParams.set('scope', scope);
  const requestInit = { headers: { authorization: `Bearer ${token}` } };
  await client.connect(new StreamableHTTPClientTransport(mcp, { requestInit }));
  return new Agent(client);
}

async function haveTheSameNames(a: Agent, b: Agent): Promise<void> {
  for (const agent of [a, b]) await agent.ask('spawn', { argv: ['cat'], name: 'build' });
  await a.ask('send', { session: 'build', input: ['for a', 'Enter'], wait: { text: 'for a' } });
  expect(await a.ask('look', { session: 'build' })).toContain('for a');
  expect(await b.ask('look', { session: 'build' })).not.toContain('for a');
  const listed = await a.ask('list');
  expect(listed).toContain('a+build: ');
  expect(listed).not.toContain('b+build');
  expect(await a.ask('list', { sessions: ['*+build'] })).toContain('b+build: ');
  expect(await b.ask('look', { session: 'a+build' })).toContain('for a');
  const missing = await b.call('look', { session: 'other' });
  expect(missing).toMatchObject({ isError: true });
  expect(missing.text).toContain('b+other');
  await a.ask('kill', { sessions: ['*'] });
  expect(await b.ask('list')).toContain('b+build: ');
}

test('over stdio', async ({ pilotty }) => {
  const agents = await Promise.all(['a', 'b'].map((scope) => overStdio(pilotty, scope)));
  const [a, b] = agents as [Agent, Agent];
  try {
    await haveTheSameNames(a, b);
    const cat = { command: 'echo up; exec cat', ready: 'up' };
    writeFileSync(
      join(pilotty.home, 'pilotty.json'),
      JSON.stringify({ name: 'shop', sessions: { api: cat } }),
    );
    for (const agent of agents)
      expect(await agent.ask('project_up')).toMatch(/^project shop: up\napi: created/);
    expect(await a.ask('project_ps')).toMatch(/session a\+api/);
    expect(await a.ask('project_down')).toMatch(/ended/);
    expect(await b.ask('project_ps')).toMatch(/api: running/);
    // Without a scope there is a third.
    expect((await pilotty.run('ps', '--json')).json().sessions).toMatchObject([{ state: 'not_started' }]);
    expect((await pilotty.run('up', '--json')).json().sessions).toMatchObject([{ session: 'api' }]);
    const again = await pilotty.run('down', '--json', { env: { PILOTTY_SCOPE: 'b' } });
    expect(again.json().sessions).toMatchObject([{ session: 'b+api', ok: true }]);
  } finally {
    for (const { client } of agents) await client.close();
  }
});

test('over HTTP', async ({ served }) => {
  const agents = await Promise.all(['a', 'b'].map((scope) => overHttp(served, scope)));
  const [a, b] = agents as [Agent, Agent];
  try {
    await haveTheSameNames(a, b);
  } finally {
    for (const { client } of agents) await client.close();
  }
});
