/** Lines that anyone sends to an MCP server on its stdin. */

import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { startingClient } from '../../../packages/client/src/index.ts';
import { offeredTools, serveStreams } from '../../../packages/mcp/src/index.ts';
import { runDaemon } from '../daemon.ts';
import { junk, mutatedJson, mutatedText } from '../mutated.ts';
import type { Target } from '../target.ts';
import { objectsOf } from '../values.ts';

const META = {
  _meta: {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'fuzz', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': {},
  },
};
const TOKENS = [
  '"',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '\\',
  'null',
  '"id":',
  '"method":',
  '1e999',
  '\0',
  '"__proto__":',
];
/** JSON-RPC 2.0: what is a fault of the server. */
const INTERNAL_ERROR = -32603;
/** Of the question that comes last. */
const LAST = 'the last';

const calls = offeredTools('all').map(({ name, inputSchema }) =>
  objectsOf(inputSchema as never).map((given) => ({
    method: 'tools/call',
    params: { ...META, name, arguments: given },
  })),
);
const others = fc.oneof(
  fc
    .constantFrom('tools/list', 'resources/list', 'prompts/list', 'ping', 'server/discover')
    .map((method) => ({ method, params: META })),
  fc
    .constantFrom('pilotty://sessions', 'pilotty://session/a/screen', 'file:///etc/passwd', '')
    .map((uri) => ({ method: 'resources/read', params: { ...META, uri } })),
  fc
    .constantFrom('', 'drive', 'nothing')
    .map((name) => ({ method: 'prompts/get', params: { ...META, name } })),
  junk.map((params) => ({ method: 'notifications/cancelled', params })),
);
const messages = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.oneof({ weight: 2, arbitrary: fc.oneof(...calls) }, others))
  .map(([id, message]) => ({ jsonrpc: '2.0', id, ...message }));

export const mcp: Target<string[]> = {
  name: 'mcp',
  promise:
    'whatever comes in, each line that goes out is a message, none is a fault, and the next is answered',
  runsInTest: 25,
  inputs: () => {
    const line = fc.oneof(
      mutatedJson(messages).map((message) => JSON.stringify(message)),
      mutatedText(
        fc.sample(messages, { seed: 1, numRuns: 30 }).map((each) => JSON.stringify(each)),
        TOKENS,
      ),
    );
    return fc.array(
      line.map((text) => text.replaceAll('\n', ' ')),
      { minLength: 1, maxLength: 3 },
    );
  },
  open: async () => {
    const daemon = await runDaemon();
    return {
      async check(lines) {
        await daemon.restore();
        const surroundings = async () => ({ env: {}, cwd: '/' });
        const host = { env: {}, connect: () => startingClient(daemon.client(), surroundings) };
        const [input, output, ended] = [new PassThrough(), new PassThrough(), new AbortController()];
        let text = '';
        output.on('data', (chunk) => {
          text += chunk;
        });
        const served = serveStreams(
          { host, tools: 'all' },
          { input, output, signal: ended.signal, failed: () => {} },
        );
        for (const line of lines) input.write(`${line}\n`);
        input.write(`${JSON.stringify({ jsonrpc: '2.0', id: LAST, method: 'tools/list', params: META })}\n`);
        while (!text.includes(`"${LAST}"`)) await once(output, 'data');
        ended.abort();
        await served;
        for (const line of text.split('\n').filter((each) => each !== '')) {
          const message = JSON.parse(line);
          if (message.jsonrpc !== '2.0') throw new Error(`no message: ${line}`);
          if (message.error?.code === INTERNAL_ERROR || /INTERNAL_ERROR/.test(line))
            throw new Error(`a fault: ${line}`);
        }
      },
      close: () => daemon.close(),
    };
  },
};
