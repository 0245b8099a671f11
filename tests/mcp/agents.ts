/**
 * Agents: the official clients of the protocol, of 2026 and of 2025, over stdin and stdout of `pilotty mcp` and over HTTP
 * at the gateway; and one whose server is in the process of the test, with deadlines of its own.
 */

import {
  Client,
  type ClientOptions,
  StreamableHTTPClientTransport,
  type Transport,
} from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client as Client2025 } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as StdioTransport2025 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as HttpTransport2025 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { startingClient } from '../../packages/client/src/index.ts';
import { createLocalClient, readInheritance } from '../../packages/client/src/node.ts';
import {
  createMcpHandler,
  createServer,
  LongTexts,
  type ServerOptions,
} from '../../packages/mcp/src/index.ts';
import { test as base, type Served } from '../gateway/served.ts';
import { builtProgram, type Pilotty } from '../harness/pilotty.ts';

/** What every client has, of either version. */
export type Connected = Pick<
  Client,
  | 'callTool'
  | 'listTools'
  | 'listResources'
  | 'listResourceTemplates'
  | 'readResource'
  | 'listPrompts'
  | 'getPrompt'
  | 'close'
>;

interface Content {
  type: string;
  text?: string;
  data?: string;
  mimeType?: string;
  uri?: string;
}

export interface Said {
  /** All of its text. */
  text: string;
  isError: boolean;
  content: Content[];
}

export type CallOptions = Parameters<Client['callTool']>[1];

export class Agent {
  readonly client: Connected;

  constructor(client: Connected) {
    this.client = client;
  }

  async call(name: string, given: Record<string, unknown> = {}, options?: CallOptions): Promise<Said> {
    const result = await this.client.callTool({ name, arguments: given }, options);
    const content = result.content as Content[];
    const text = content.map((block) => block.text ?? '').join('\n');
    return { text, isError: result.isError === true, content };
  }

  /** The same where it must not fail. */
  async ask(name: string, given: Record<string, unknown> = {}, options?: CallOptions): Promise<string> {
    const { text, isError } = await this.call(name, given, options);
    if (isError) throw new Error(`${name} ${JSON.stringify(given)}: ${text}`);
    return text;
  }
}

const SELF = { name: 'test', version: '1' };
const MODERN: ClientOptions = { versionNegotiation: { mode: { pin: '2026-07-28' } } };

type Make = (
  at: { pilotty: Pilotty; served: () => Promise<Served> },
  words: readonly string[],
) => Promise<Connected>;

/** By what it is called in the names of tests. */
export const lanes: Readonly<Record<string, Make>> = {
  '2026, stdio': async ({ pilotty }, words) => {
    const client = new Client(SELF, MODERN);
    await client.connect(new StdioClientTransport(command(pilotty, words)));
    return client;
  },
  '2025, stdio': async ({ pilotty }, words) => {
    const client = new Client2025(SELF);
    await client.connect(new StdioTransport2025(command(pilotty, words)));
    return of2025(client);
  },
  '2026, HTTP': async ({ served }) => {
    const client = new Client(SELF, MODERN);
    const { url, requestInit } = endpoint(await served());
    await client.connect(new StreamableHTTPClientTransport(url, { requestInit }));
    return client;
  },
  '2025, HTTP': async ({ served }) => {
    const client = new Client2025(SELF);
    const { url, requestInit } = endpoint(await served());
    await client.connect(new HttpTransport2025(url, { requestInit }) as never);
    return of2025(client);
  },
};

export type Lane = keyof typeof lanes;

/** Its calls have the schema of the result before the options. */
function of2025(client: Client2025): Connected {
  return Object.assign(Object.create(client), {
    callTool: (params: never, options: never) => client.callTool(params, undefined, options),
  });
}

function endpoint({ url, token }: Served): { url: URL; requestInit: RequestInit } {
  return { url: new URL('mcp', url), requestInit: { headers: { authorization: `Bearer ${token}` } } };
}

function command(pilotty: Pilotty, words: readonly string[]) {
  const args = [pilotty.command, 'mcp', ...words];
  return { command: process.execPath, args, env: pilotty.env, cwd: pilotty.home, stderr: 'inherit' as const };
}

/** One whose server is here. */
async function inProcess(pilotty: Pilotty, options: Partial<ServerOptions>): Promise<Connected> {
  const host = {
    env: pilotty.env,
    readsProjects: true,
    connect: () =>
      startingClient(
        createLocalClient({
          env: pilotty.env,
          cwd: pilotty.home,
          daemonProgram: builtProgram('pilotty-daemon.cjs'),
        }),
        async () => ({ env: pilotty.env, cwd: pilotty.home, ...(await readInheritance()) }),
      ),
  };
  const longTexts = new LongTexts();
  const handler = createMcpHandler(() => createServer({ host, longTexts, ...options }));
  const client = new Client(SELF, MODERN);
  const fetch = (url: string | URL, init?: RequestInit) => handler.fetch(new Request(url, init));
  const transport = new StreamableHTTPClientTransport(new URL('http://localhost/mcp'), { fetch });
  await client.connect(transport as Transport);
  return client;
}

export const test = base.extend<{
  connect: (lane: Lane, ...words: string[]) => Promise<Agent>;
  near: (options?: Partial<ServerOptions>) => Promise<Agent>;
}>({
  connect: async ({ pilotty, gateway }, use) => {
    const agents: Agent[] = [];
    let started: Promise<Served> | undefined;
    const served = () => {
      started ??= gateway();
      return started;
    };
    await use(async (lane, ...words) => {
      const make = lanes[lane];
      if (make === undefined) throw new Error(`no lane ${lane}`);
      const agent = new Agent(await make({ pilotty, served }, words));
      agents.push(agent);
      return agent;
    });
    for (const { client } of agents) await client.close();
  },
  near: async ({ pilotty }, use) => {
    const agents: Agent[] = [];
    await use(async (options = {}) => {
      const agent = new Agent(await inProcess(pilotty, options));
      agents.push(agent);
      return agent;
    });
    for (const { client } of agents) await client.close();
  },
});
