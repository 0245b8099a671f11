/** /mcp of the gateway: behind its door, without a state of its own. */
import { expect } from 'vitest';
import { until } from '../harness/until.ts';
import { lanes, test } from './agents.ts';

const LIST = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
const MCP = { accept: 'application/json, text/event-stream' };

/** The one message of a stream. */
function messageIn(text: string): { result: { tools: { name: string }[] } } {
  return JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? text);
}

test('without the token, from a foreign page and for a foreign host there is nothing', async ({ served }) => {
  const ask = (headers: Record<string, string | undefined>) =>
    served.ask('POST /mcp', { json: LIST, headers: { ...MCP, ...headers } });
  expect((await ask({ authorization: undefined })).status).toBe(401);
  expect((await ask({ authorization: 'Bearer wrong-wrong-wrong-wrong' })).status).toBe(401);
  expect((await ask({ origin: 'https://evil.example' })).status).toBe(403);
  expect((await ask({ host: 'rebound.example' })).status).toBe(403);
  const allowed = await ask({});
  expect(allowed.status).toBe(200);
  expect(messageIn(allowed.text).result.tools).toHaveLength(12);
});

test('a client of 2025 needs no session, and may send the id of one', async ({ served }) => {
  const reply = await served.ask('POST /mcp', {
    json: LIST,
    headers: { ...MCP, 'mcp-session-id': 'of-another-time', 'mcp-protocol-version': '2025-06-18' },
  });
  expect(messageIn(reply.text).result.tools).toHaveLength(12);
  expect((await served.ask('GET /mcp', { headers: { accept: 'text/event-stream' } })).status).toBe(405);
});

test('the query chooses the tools', async ({ served }) => {
  const few = await served.ask('POST /mcp?tools=look,list', { json: LIST, headers: MCP });
  expect(messageIn(few.text).result.tools.map(({ name }) => name)).toEqual(['look', 'list']);
  const none = await served.ask('POST /mcp?tools=sleep', { json: LIST, headers: MCP });
  expect([none.status, none.json().code]).toEqual([400, 'INVALID_INPUT']);
});

test.for(Object.keys(lanes))(
  '%s: a client that cancels ends its wait in the daemon',
  async (lane, { connect, pilotty }) => {
    const agent = await connect(lane);
    await agent.ask('spawn', { argv: ['cat'], name: 's' });
    const connections = async () => (await pilotty.client.request('daemon.info', {})).connections;
    const left = new AbortController();
    const waiting = agent.call('wait', { session: 's', text: 'never' }, { signal: left.signal });
    await until('the wait to be open', async () => (await connections()) === 2);
    left.abort();
    await expect(waiting).rejects.toThrow();
    await until('the wait to have ended', async () => (await connections()) === 1);
  },
);

test.for(Object.keys(lanes))(
  '%s: fifty calls at once, and progress while one waits',
  async (lane, { connect }) => {
    const agent = await connect(lane);
    await agent.ask('spawn', { argv: ['cat'], name: 's' });
    const progress: number[] = [];
    const onprogress = ({ progress: done }: { progress: number }) => void progress.push(done);
    const waiting = agent.ask('wait', { session: 's', text: 'never', timeout_ms: 1000 }, { onprogress });
    const looks = Array.from({ length: 50 }, () => agent.ask('look', { session: 's' }));
    for (const said of await Promise.all(looks)) expect(said).toMatch(/^\[s /);
    expect(await waiting).toMatch(/^outcome: deadline/);
    expect(progress[0]).toBe(1);
  },
);
