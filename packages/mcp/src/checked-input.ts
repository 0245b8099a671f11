/**
 * The lines of a client that are messages. The transport of the SDK leaves out what is none without a word, and who waits for an
 * answer to it waits for ever: so each is answered here, as JSON-RPC 2.0 has it (section 5).
 */
import { Transform, type TransformCallback, type Writable } from 'node:stream';
import { parseJSONRPCMessage } from '@modelcontextprotocol/server';

const NEWLINE = 0x0a;
const PARSE_ERROR = -32700;
const INVALID_REQUEST = -32600;

export class CheckedInput extends Transform {
  readonly #output: Writable;
  readonly #maxBytes: number;
  /** Of a line that has no end yet. */
  #begun: Buffer[] = [];
  #begunBytes = 0;

  /** @param maxBytes what is longer than this is left to the transport, which ends the connection */
  constructor(output: Writable, maxBytes: number) {
    super();
    this.#output = output;
    this.#maxBytes = maxBytes;
  }

  override _transform(chunk: Buffer, _: BufferEncoding, done: TransformCallback): void {
    let isTaken = true;
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, from)) {
      this.#begun.push(chunk.subarray(from, end + 1));
      isTaken = this.#take(this.#line()) && isTaken;
      from = end + 1;
    }
    if (from < chunk.length) this.#begun.push(chunk.subarray(from));
    this.#begunBytes += chunk.length - from;
    if (this.#begunBytes > this.#maxBytes) this.push(this.#line());
    // A client that reads no answers is read no further.
    if (isTaken) done();
    else this.#output.once('drain', done);
  }

  #line(): Buffer {
    const line = Buffer.concat(this.#begun);
    this.#begun = [];
    this.#begunBytes = 0;
    return line;
  }

  /** @returns false where an answer waits to be read */
  #take(line: Buffer): boolean {
    const text = line.toString();
    const refusal = text.trim() === '' ? undefined : refusalOf(text);
    if (refusal === undefined) {
      this.push(line);
      return true;
    }
    return this.#output.write(`${JSON.stringify(refusal)}\n`);
  }
}

/** undefined for a message */
function refusalOf(text: string): object | undefined {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return refusal(null, PARSE_ERROR, 'Parse error: the line is not valid JSON');
  }
  if (Array.isArray(message)) return refusal(null, INVALID_REQUEST, 'Invalid Request: there are no batches');
  try {
    parseJSONRPCMessage(message);
    return undefined;
  } catch {
    return refusal(idOf(message), INVALID_REQUEST, 'Invalid Request: the line is no message of JSON-RPC 2.0');
  }
}

function refusal(id: string | number | null, code: number, message: string): object {
  return { jsonrpc: '2.0', id, error: { code, message } };
}

function idOf(message: unknown): string | number | null {
  if (typeof message !== 'object' || message === null || !('id' in message)) return null;
  const { id } = message;
  return typeof id === 'string' || typeof id === 'number' ? id : null;
}
