/** What a command answered, and what every answer promises. */
import { methods } from '../../packages/protocol/src/schemas.ts';

interface Ended {
  words: string[];
  stdout: string;
  stderr: string;
  code: number | null;
  signal: NodeJS.Signals | null;
}

// biome-ignore lint/suspicious/noExplicitAny: a test knows what it asked for
type Json = any;

export class Answer {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The whole of it, as in a terminal. */
  readonly transcript: string;

  constructor({ words, stdout, stderr, code, signal }: Ended) {
    this.stdout = stdout;
    this.stderr = stderr;
    this.code = code;
    this.signal = signal;
    this.transcript = `$ pilotty ${words.join(' ')}\n${stdout}${stderr}→ ${signal ?? code}`;
  }

  /** The one object on stdout. A result of the protocol is held against its schema as well. */
  json(): Json {
    const result = this.#parse(this.stdout);
    const schema = resultSchemas.get(result?.type);
    const checked = schema?.safeParse(result);
    if (checked?.error)
      throw new Error(`not what the protocol promises: ${checked.error.message}\n${this.transcript}`);
    return result;
  }

  /** The error on stderr. */
  error(): Json {
    return this.#parse(this.stderr);
  }

  #parse(text: string): Json {
    try {
      return JSON.parse(text);
    } catch (cause) {
      throw new Error(`not JSON:\n${this.transcript}`, { cause });
    }
  }
}

/** By the `type` that every result carries. */
const resultSchemas = new Map(
  Object.values(methods).map(({ result }) => [String(result.shape.type.value), result] as const),
);
