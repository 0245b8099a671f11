/** The way of an agent: tools of `pilotty mcp`. A call is one `tools/call`, its bytes are those of the text that the model is given. */
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import type { Place } from '../bench/place.ts';
import { codedTasks } from './coded-tasks.ts';
import type { Cost } from './faces.ts';

/**
 * Calls a tool.
 * @returns the text of its answer
 * @throws when it is an error, and when what it waited for did not come: a task that goes on fails much later
 */
export type CallTool = (name: string, given: Record<string, unknown>) => Promise<string>;

/** The calls of one task. @throws when an answer is not what it must be */
export type McpTask = (call: CallTool) => Promise<void>;

/** How an answer says that its wait timed out, which is no error to the server. */
const NOT_MET = /^outcome: \w+, not met: /m;

/** What a user has put into the configuration of the server: agents give the name of a secret, not its value. */
const SERVER_ENV = { PASSWORD: 'sesame' };

export async function costByMcp(name: string, dist: string, place: Place): Promise<Cost> {
  const task = codedTasks[name]?.mcp;
  if (task === undefined) throw new Error(`${name} has no mcp.ts`);
  const client = new Client(
    { name: 'tasks', version: '1' },
    { versionNegotiation: { mode: { pin: '2026-07-28' } } },
  );
  const server = {
    command: join(dist, 'pilotty.sh'),
    args: ['mcp'],
    env: { ...place.env, ...SERVER_ENV },
    cwd: place.env.HOME ?? '',
  };
  const cost = { calls: 0, bytes: 0 };
  const call: CallTool = async (tool, given) => {
    const { content, isError } = await client.callTool({ name: tool, arguments: given });
    const text = content.map((block) => (block.type === 'text' ? block.text : '')).join('\n');
    cost.calls += 1;
    cost.bytes += Buffer.byteLength(text);
    if (isError || NOT_MET.test(text)) throw new Error(`${tool} ${JSON.stringify(given)}: ${text}`);
    return text;
  };
  try {
    await client.connect(new StdioClientTransport(server));
    const began = performance.now();
    await task(call);
    return { ...cost, wallMs: performance.now() - began };
  } finally {
    await client.close();
  }
}
