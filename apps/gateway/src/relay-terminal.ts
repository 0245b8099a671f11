/**
 * The bytes of a terminal in both directions over a WebSocket, for any emulator: first the current screen, then the
 * output of the program; what the peer sends is typed.
 *
 * Each screen begins with a reset, so a peer that fell behind, or whose session was resized, shows the right screen
 * again. `?scrollback=N` includes rows above the screen, `?read_only=true` ignores what the peer sends.
 *
 * The reason of the closing frame says how the program ended, as JSON. With `?control=true` text frames are JSON of
 * another kind than input: the peer sends `{"type":"resize","cols","rows"}`, and gets `{"type":"size","cols","rows"}`
 * before each screen, `{"type":"exited","exit"}` before the closing frame, and `{"type":"error","error"}`.
 */
import { type Client, type Params, RequestError, type StreamEvent } from '@pilotty/client';
import { parseJson } from '@pilotty/protocol';
import { methods } from '@pilotty/protocol/schemas';
import type { WebSocket } from 'ws';
import * as z from 'zod';
import { errorBodyOf } from './errors.ts';
import { MAX_UNTYPED_BYTES } from './limits.ts';
import { send } from './sending.ts';

/** RIS: https://vt100.net/docs/vt510-rm/RIS.html */
const RESET = Buffer.from('\x1bc');

const { cols, rows } = methods['session.resize'].params.shape;
const RESIZE = z.strictObject({ type: z.literal('resize'), cols, rows });

const DONE = 1000;
/** Internal error of the server. */
const FAILED = 1011;
/** The reason of a close frame is at most 123 bytes. */
const MAX_REASON_CHARACTERS = 120;

/** @throws RequestError for a session or a query that is not possible; the client is closed then */
export async function relayTerminal(
  client: Client,
  session: string,
  query: URLSearchParams,
  mayOnlyLook: boolean,
): Promise<(webSocket: WebSocket) => void> {
  try {
    const scrollback = readScrollback(query.get('scrollback') ?? '1000');
    const isReadOnly = mayOnlyLook || isSet(query.get('read_only'));
    const hasControl = isSet(query.get('control'));
    const { id } = await client.request('session.status', { session });
    return (webSocket) => relay(webSocket, client, { session: id, scrollback, isReadOnly, hasControl });
  } catch (error) {
    client.close();
    throw error;
  }
}

interface Relayed {
  session: string;
  scrollback: number;
  isReadOnly: boolean;
  hasControl: boolean;
}

function relay(
  webSocket: WebSocket,
  client: Client,
  { session, scrollback, isReadOnly, hasControl }: Relayed,
): void {
  const end = (code: number, reason: string) => webSocket.close(code, reason.slice(0, MAX_REASON_CHARACTERS));
  const fail = (error: unknown) => end(FAILED, errorBodyOf(error).code);

  const say = async (message: object): Promise<void> => {
    if (hasControl) await send(webSocket, JSON.stringify(message));
  };
  let reason = 'exited';

  const show = async (part: StreamEvent<'session.view'>): Promise<void> => {
    if (part.type === 'exited') {
      const { exit_code, signal } = part.exit;
      reason = JSON.stringify({ type: 'exited', exit_code, signal });
      return say({ type: 'exited', exit: part.exit });
    }
    if (part.type === 'screen') await say({ type: 'size', ...part.size });
    const bytes = Buffer.from(part.data_base64, 'base64');
    await send(webSocket, part.type === 'screen' ? Buffer.concat([RESET, bytes]) : bytes);
  };
  client
    .request('session.view', { session, scrollback }, { onEvent: show })
    .then(() => end(DONE, reason), fail);

  const typed = new Typed(webSocket, (bytes) =>
    client.request('session.type', { session, data_base64: bytes.toString('base64') }),
  );
  const control = async (text: string): Promise<void> => {
    try {
      const { cols, rows } = parseControl(text, isReadOnly);
      await client.request('session.resize', { session, cols, rows });
    } catch (error) {
      await say({ type: 'error', error: errorBodyOf(error) });
    }
  };
  webSocket.on('message', (data, isBinary) => {
    if (hasControl && !isBinary) void control(String(data));
    else if (!isReadOnly) typed.add(data as Buffer).catch(fail);
  });
  webSocket.on('close', () => client.close());
}

/**
 * What was typed, in order. So much of it may wait for the program; then nothing more is read. Up to there it is, so
 * that a peer that leaves is noticed, and what it typed is not sent late.
 */
class Typed {
  readonly #webSocket: WebSocket;
  readonly #type: (bytes: Buffer) => Promise<unknown>;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #isTyping = false;

  constructor(webSocket: WebSocket, type: (bytes: Buffer) => Promise<unknown>) {
    this.#webSocket = webSocket;
    this.#type = type;
  }

  async add(bytes: Buffer): Promise<void> {
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes > MAX_UNTYPED_BYTES) this.#webSocket.pause();
    if (this.#isTyping) return;
    this.#isTyping = true;
    try {
      for (let next = this.#take(); next.length > 0; next = this.#take()) await this.#type(next);
    } finally {
      this.#isTyping = false;
    }
  }

  #take(): Buffer {
    const all = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#webSocket.resume();
    return all;
  }
}

function isSet(value: string | null): boolean {
  return value !== null && ['true', '1', ''].includes(value);
}

/** @throws RequestError */
function parseControl(text: string, isReadOnly: boolean): Pick<Params<'session.resize'>, 'cols' | 'rows'> {
  const parsed = parseJson(text);
  const resize = 'problem' in parsed ? undefined : RESIZE.safeParse(parsed.value);
  if (!resize?.success) {
    throw new RequestError('INVALID_INPUT', 'Invalid control message', {
      suggestion: 'Send {"type":"resize","cols":80,"rows":24} as text, and input as binary frames.',
    });
  }
  if (isReadOnly) throw new RequestError('FORBIDDEN', 'This WebSocket is read-only: it cannot resize');
  return resize.data;
}

function readScrollback(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new RequestError('INVALID_INPUT', `Invalid scrollback '${text}': expected a number of rows`);
}
