/**
 * What was sent to a session that was started to be recorded, each input with the screen as it was when it was sent.
 * The screen that an input led to is that of the next input: it is what was seen when that one was decided on.
 *
 * It is in memory only, ends with the session's retention, and has a bound: what comes beyond that is counted, because
 * a script needs the beginning. What is not shown by the terminal is not kept either: see hidden-input.ts.
 */
import { readInput } from '@pilotty/terminal';
import { msSince } from '../moment.ts';
import { type Look, lookAt, type Seen } from './look.ts';
import type { NamedFile } from './named-files.ts';

/** A session of an hour; a person types some hundred keys a minute. */
const MAX_INPUTS = 5_000;
/** Of inputs and screens, in characters. */
const MAX_LENGTH = 2 * 1024 * 1024;

/** What was asked for: a method of the protocol, and what of its parameters says what was sent. */
export interface Input {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** One that was sent. */
export interface SentInput {
  readonly seq: number;
  /** Since the program was started. */
  readonly atMs: number;
  readonly revision: number;
  readonly method: string;
  /** undefined: it was not shown, and is not known. */
  readonly params: Readonly<Record<string, unknown>> | undefined;
  /** Whether Enter was a part of it, which a hidden one tells as well. */
  readonly isSubmitted: boolean;
  readonly before: Look;
}

/** What it has to know of a session. */
export interface JournaledSession extends Seen {
  readonly seq: number;
  readonly revision: number;
  /** `began` is a moment. */
  readonly run: { readonly began: number };
}

export class InputJournal {
  size: { readonly cols: number; readonly rows: number };
  /** What the program's arguments named at its start. */
  readonly files: readonly NamedFile[];
  #inputs: SentInput[] = [];
  #length = 0;
  #missed = 0;

  constructor(size: { cols: number; rows: number }, files: readonly NamedFile[]) {
    this.size = size;
    this.files = files;
  }

  get inputs(): readonly SentInput[] {
    return this.#inputs;
  }

  /** How many were not kept. */
  get missed(): number {
    return this.#missed;
  }

  /** The program is started again, as a script would start it: what was sent before is not part of that. */
  startOver(size: InputJournal['size']): void {
    this.size = size;
    this.#inputs = [];
    this.#length = 0;
    this.#missed = 0;
  }

  /** The screen now; what has not changed since the last input is kept once. */
  look(session: JournaledSession): Look {
    return lookAt(session, this.#inputs.at(-1)?.before);
  }

  /** To be called when the input is about to be sent, or has just been, and nothing has been drawn since. */
  add(session: JournaledSession, input: Input, isHidden: boolean, before = this.look(session)): void {
    const { method, params } = isHidden ? { method: input.method, params: undefined } : known(input, session);
    const length = JSON.stringify(params ?? '').length + this.#lengthOf(before);
    if (this.#missed > 0 || this.#inputs.length >= MAX_INPUTS || this.#length + length > MAX_LENGTH) {
      this.#missed += 1;
      return;
    }
    this.#length += length;
    this.#inputs.push({
      seq: session.seq,
      atMs: Math.round(msSince(session.run.began)),
      revision: session.revision,
      method,
      params,
      isSubmitted: submits(input),
      before,
    });
  }

  /** What was sent with this number is not kept after all. */
  hide(seq: number): void {
    const index = this.#inputs.findIndex((input) => input.seq === seq);
    const found = this.#inputs[index];
    if (found) this.#inputs[index] = { ...found, params: undefined };
  }

  #lengthOf({ rows }: Look): number {
    return this.#inputs.at(-1)?.before.rows === rows ? 0 : rows.reduce((sum, row) => sum + row.length, 0);
  }
}

/** Bytes, as a terminal elsewhere sends them, are text and keys where they can be read so. */
function known({ method, params }: Input, { screen }: JournaledSession): Input {
  if (method !== 'session.type' || typeof params.data_base64 !== 'string') return { method, params };
  const parts = readInput(Buffer.from(params.data_base64, 'base64'), screen.modes);
  return parts === undefined ? { method, params } : { method: 'session.send', params: { parts } };
}

function submits({ params }: Input): boolean {
  if (params.enter === true) return true;
  const { keys, data_base64: data, parts } = params;
  const last = Array.isArray(parts) ? parts.at(-1) : undefined;
  const words = [keys, last?.key, last?.word].filter((word) => typeof word === 'string');
  if (words.some((word) => /(?:^|\s)(?:Enter|Return)$/i.test(word))) return true;
  return typeof data === 'string' && /[\r\n]$/.test(Buffer.from(data, 'base64').toString('latin1'));
}
