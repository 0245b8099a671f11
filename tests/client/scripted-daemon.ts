/** The other end of a client, in memory: records what is sent, and says what the test tells it to. */
import {
  type Client,
  ConnectedClient,
  type Transport,
  type TransportListener,
} from '../../packages/client/src/index.ts';
import { type HelloAnswer, PROTOCOL, VERSION } from '../../packages/protocol/src/index.ts';

/** One connection, as the daemon sees it. */
export class Connection implements Transport {
  /** One entry a write: whether things went out together is part of the protocol. */
  readonly writes: string[][] = [];
  readonly version?: string;
  /** Of each `hello`. */
  readonly hellos: string[] = [];
  isPaused = false;
  isClosed = false;
  #listener: TransportListener | undefined;

  constructor(version?: string) {
    if (version !== undefined) this.version = version;
  }

  send(lines: string): void {
    const messages = lines.trimEnd().split('\n');
    this.writes.push(messages.map(describe));
    this.hellos.push(...messages.filter((line) => describe(line) === 'hello').map(versionIn));
  }

  listen(listener: TransportListener): void {
    this.#listener = listener;
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
  }

  close(): void {
    this.isClosed = true;
  }

  say(message: object): void {
    this.line(JSON.stringify({ jsonrpc: '2.0', ...message }));
  }

  line(line: string): void {
    this.#listener?.line(line);
  }

  hangUp(): void {
    this.#listener?.closed();
  }

  greet(answer: Partial<HelloAnswer> = {}): void {
    const usual = { protocol: PROTOCOL, version: VERSION, pid: 1, sessions: 0, stepping_down: false };
    this.say({ id: 0, result: { ...usual, ...answer } });
  }

  answer(id: number, result: unknown = `answer ${id}`): void {
    this.say({ id, result });
  }

  event(id: number, event: unknown): void {
    this.say({ method: 'stream', params: { id, event } });
  }
}

function versionIn(hello: string): string {
  return JSON.parse(hello).params.version;
}

/** `hello`, `1 daemon.info`, `cancel 1`: enough to tell messages apart. */
function describe(line: string): string {
  const { id, method, params } = JSON.parse(line);
  if (method === 'hello') return 'hello';
  return method === 'cancel' ? `cancel ${params.id}` : `${id} ${method}`;
}

export interface Scripted {
  client: Client;
  connections: Connection[];
  warnings: string[];
  /** Lets everything happen that waits for nothing but its turn. */
  settle(): Promise<void>;
}

/** @param version of the pilotty at the other end */
export function scriptedDaemon(version?: string): Scripted {
  const connections: Connection[] = [];
  const warnings: string[] = [];
  const open = async () => {
    const connection = new Connection(version);
    connections.push(connection);
    return connection;
  };
  const client = new ConnectedClient(open, { warn: (message) => warnings.push(message) });
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  return { client, connections, warnings, settle };
}
