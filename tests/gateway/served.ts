/** A gateway of the test's own in front of its daemon, and a plain client that sends what it is told to. */
import http from 'node:http';
import WebSocket from 'ws';
import { test as base, type Pilotty } from '../harness/pilotty.ts';
import { until } from '../harness/until.ts';

export interface AskOptions {
  /** Sent as JSON. */
  json?: unknown;
  body?: string | Uint8Array;
  /** Undefined takes one away. */
  headers?: Record<string, string | undefined>;
}

export interface Reply {
  status: number;
  headers: http.IncomingHttpHeaders;
  text: string;
  bytes: Buffer;
  // biome-ignore lint/suspicious/noExplicitAny: as with jq, what is there shows in the test.
  json(): any;
}

export class Served {
  readonly url: URL;
  readonly token: string;
  readonly #webSockets: WebSocket[] = [];

  constructor(url: string, token: string) {
    this.url = new URL(url);
    this.token = token;
  }

  /** 'GET /sessions', with the token unless the headers say otherwise. */
  ask(what: string, { json, body, headers = {} }: AskOptions = {}): Promise<Reply> {
    const [method = '', path = ''] = what.split(' ');
    const given = {
      authorization: `Bearer ${this.token}`,
      ...(json !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    };
    const kept = Object.entries(given).filter(
      (header): header is [string, string] => header[1] !== undefined,
    );
    return new Promise((resolve, reject) => {
      const request = http.request(
        // Not a URL, which would tidy the path up.
        { host: this.url.hostname, port: this.url.port, method, path, headers: Object.fromEntries(kept) },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            const bytes = Buffer.concat(chunks);
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              bytes,
              text: bytes.toString(),
              json: () => JSON.parse(bytes.toString()),
            });
          });
        },
      );
      request.on('error', reject);
      request.end(json === undefined ? body : JSON.stringify(json));
    });
  }

  webSocket(path: string, headers: Record<string, string> = { authorization: `Bearer ${this.token}` }): Peer {
    const url = new URL(path, this.url);
    url.protocol = 'ws:';
    const webSocket = new WebSocket(url, { headers });
    this.#webSockets.push(webSocket);
    return new Peer(webSocket);
  }

  close(): void {
    for (const webSocket of this.#webSockets) webSocket.terminate();
  }
}

/** The other end of a WebSocket. */
export class Peer {
  readonly webSocket: WebSocket;
  readonly messages: Buffer[] = [];
  closed: { code: number; reason: string } | undefined;
  /** The answer in HTTP, where there was no upgrade. */
  refused: { status: number; text: string } | undefined;

  constructor(webSocket: WebSocket) {
    this.webSocket = webSocket;
    webSocket.on('message', (data) => this.messages.push(data as Buffer));
    webSocket.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() };
    });
    webSocket.on('unexpected-response', (_request, response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => {
        this.refused = { status: response.statusCode ?? 0, text };
      });
    });
    // What was refused, or cut, the test sees in the two above.
    webSocket.on('error', () => {});
  }

  opened(): Promise<true> {
    return until('the WebSocket to open', () => this.webSocket.readyState === WebSocket.OPEN);
  }

  get bytes(): string {
    return Buffer.concat(this.messages).toString();
  }

  // biome-ignore lint/suspicious/noExplicitAny: as with jq, what is there shows in the test.
  get json(): any[] {
    return this.messages.map((message) => JSON.parse(message.toString()));
  }

  send(message: object | string | Uint8Array): void {
    const isPlain = typeof message === 'object' && !(message instanceof Uint8Array);
    this.webSocket.send(isPlain ? JSON.stringify({ jsonrpc: '2.0', ...message }) : message);
  }

  // biome-ignore lint/suspicious/noExplicitAny: as above.
  answer(id: number | string | null): Promise<any> {
    return until(`the answer ${id}`, () => this.json.find((message) => message.id === id));
  }
}

/** Starts the gateway of a test. */
async function serve(pilotty: Pilotty, ...words: string[]): Promise<Served> {
  const started = await pilotty.run('serve', '--detach', '--bind', '127.0.0.1:0', ...words);
  const { url } = JSON.parse(started.stdout || started.stderr);
  const { token } = JSON.parse((await pilotty.run('serve', '--show-token')).stdout);
  return new Served(url, token);
}

export const test = base.extend<{ served: Served; gateway: (...words: string[]) => Promise<Served> }>({
  /** For a gateway with options of its own. */
  gateway: async ({ pilotty }, use) => {
    const all: Served[] = [];
    await use(async (...words) => {
      const served = await serve(pilotty, ...words);
      all.push(served);
      return served;
    });
    for (const served of all) served.close();
    await pilotty.run('serve', '--stop');
  },
  served: async ({ gateway }, use) => {
    await use(await gateway());
  },
});
