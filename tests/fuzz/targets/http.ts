/** Requests that anyone sends to the gateway: paths, queries, headers and bodies, with the token and without. */
import { request } from 'node:http';
import fc from 'fast-check';
import { DaemonLink } from '../../../apps/gateway/src/daemon-link.ts';
import { Gateway } from '../../../apps/gateway/src/gateway.ts';
import { routes } from '../../../apps/gateway/src/routes/index.ts';
import { readSettings } from '../../../apps/gateway/src/settings.ts';
import { runDaemon } from '../daemon.ts';
import { junk, mutatedText } from '../mutated.ts';
import type { Target } from '../target.ts';

interface Input {
  method: string;
  path: string;
  headers: [name: string, value: string][];
  body: string;
  hasToken: boolean;
}

const TOKEN = 'fuzz-'.repeat(8);
/** Of an answer that goes on. */
const LEAVES_AFTER_MS = 200;
/** What would end the daemon, or run what a fuzzer has made up. */
const LEFT_OUT = /daemon\.stop|\bspawn\b|\bexec\b|sessions\.start|\brestore\b/;

const known = routes
  .filter(({ path, method }) => !LEFT_OUT.test(path) && !(method === 'POST' && path === '/sessions'))
  .map(({ method, path }) => ({ method, path: path.replaceAll(/:\w+(\{[^}]*\})?/g, 'a') }));
const TOKENS = [
  '/',
  '//',
  '..',
  '%',
  '%00',
  '%2e%2e',
  '%ff',
  '?',
  '&',
  '=',
  ';',
  '#a',
  '\\',
  'timeout_ms=1',
  'a'.repeat(3000),
];
const headerNames = [
  'accept',
  'content-type',
  'origin',
  'host',
  'range',
  'last-event-id',
  'pilotty-client',
  'cookie',
  'accept-encoding',
  'if-none-match',
  'x-forwarded-for',
  'upgrade',
  'connection',
];
const headerValues = [
  '',
  '*/*',
  'text/event-stream',
  'application/json',
  'application/json; charset=x',
  'null',
  'http://evil.example',
  'bytes=0-1',
  '-1',
  'br;q=x, *;q=2',
  'a=b; a=c',
  'websocket',
  '\xff',
  'x'.repeat(2000),
];
const anything = {
  methods: ['GET', 'POST', 'PATCH', 'DELETE', 'PUT', 'OPTIONS', 'HEAD', 'PROPFIND'],
  bodies: ['', '{', '[]', '{}', 'null', '\0', '{"a":'.repeat(100)],
};

export const http: Target<Input> = {
  name: 'http',
  promise:
    'every request has an answer, none is a fault of the gateway, and nothing is told without the token',
  runsInTest: 60,
  inputs: () =>
    fc
      .tuple(
        fc.constantFrom(...known),
        fc.record({
          other: fc.option(fc.constantFrom(...anything.methods), { freq: 4 }),
          path: fc.option(
            mutatedText(
              known.map(({ path }) => path),
              TOKENS,
            ),
            { freq: 2 },
          ),
          headers: fc.array(fc.tuple(fc.constantFrom(...headerNames), fc.constantFrom(...headerValues)), {
            maxLength: 3,
          }),
          body: fc.oneof(
            fc.constantFrom(...anything.bodies),
            junk.map((value) => JSON.stringify(value) ?? ''),
          ),
          hasToken: fc.boolean(),
        }),
      )
      .map(([route, { other, path, ...more }]) => ({
        method: other ?? route.method,
        path: path ?? route.path,
        ...more,
      })),
  open: async () => {
    const daemon = await runDaemon();
    const words = ['--socket-dir', daemon.directory, '--bind', '127.0.0.1:0'];
    const env = { PILOTTY_SOCKET_DIR: daemon.directory, HOME: daemon.directory };
    const link = new DaemonLink({ local: { env, cwd: '/' } });
    const gateway = new Gateway(readSettings(words, daemon.directory), TOKEN, link, env);
    await gateway.listen();
    const { port } = new URL(gateway.url);
    return {
      async check(input) {
        await daemon.restore();
        const answer = await ask(port, input);
        if (answer === 'unsendable' || answer === 'cut') return;
        if (answer.status >= 500 && ![503, 504, 501].includes(answer.status))
          throw new Error(`${input.method} ${input.path}: ${answer.status} ${answer.text}`);
        if (/INTERNAL_ERROR/.test(answer.text)) throw new Error(`a fault: ${answer.text}`);
        if (!input.hasToken && /"session_id"/.test(answer.text))
          throw new Error('a session without the token');
      },
      async close() {
        await gateway.close();
        await daemon.close();
      },
    };
  },
};

type Answer = { status: number; text: string } | 'unsendable' | 'cut';

function ask(port: string, { method, path, headers, body, hasToken }: Input): Promise<Answer> {
  return new Promise((resolve) => {
    const token = hasToken ? { authorization: `Bearer ${TOKEN}` } : {};
    const options = { host: '127.0.0.1', port, method, path, setHost: true, agent: false };
    try {
      const asked = request(
        { ...options, headers: { ...Object.fromEntries(headers), ...token } },
        (response) => {
          let text = '';
          response.on('data', (chunk) => {
            text += chunk;
          });
          const end = () => resolve({ status: response.statusCode ?? 0, text });
          response.on('end', end).on('close', end).on('error', end);
        },
      );
      asked.on('error', () => resolve('cut'));
      asked.setTimeout(LEAVES_AFTER_MS, () => asked.destroy());
      asked.end(method === 'GET' || method === 'HEAD' ? undefined : body);
    } catch {
      // Node's client refuses to write it.
      resolve('unsendable');
    }
  });
}
