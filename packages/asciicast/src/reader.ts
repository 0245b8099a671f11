/**
 * Reads a recording line by line: the header first, then its events.
 *
 * A recording may have been cut while it was written: a last line without its newline that cannot be read is left out,
 * and `isCut` says so. Everything else that cannot be read is an error with its line.
 */
import { CastError, type CastEvent, type CastHeader } from './cast.ts';

/** Version 1 is one object: all of it must be in memory. */
const MAX_V1_CHARACTERS = 64 * 1024 * 1024;
const MAX_SIDE = 1000;

type Json = Record<string, unknown>;

export class CastReader {
  header: CastHeader | undefined;
  /** The version that the header names. */
  version: number | undefined;
  isCut = false;
  #line = 0;
  #timeMs = 0;
  /** What may be an object of version 1, which may be spread over lines. */
  #first: string[] | undefined;
  #firstLength = 0;

  /** The events of one line without its newline: none or one. @throws CastError */
  read(line: string): CastEvent[] {
    this.#line += 1;
    if (this.#first !== undefined) return this.#gather(line);
    if (this.header === undefined) return this.#begin(line);
    const text = line.trim();
    if (text === '' || text.startsWith('#')) return [];
    return [this.#event(text)];
  }

  /** What follows the last newline, and the end. @throws CastError */
  end(rest: string): CastEvent[] {
    const events = rest.trim() === '' ? [] : this.#last(rest);
    if (this.#first !== undefined) return [...events, ...this.#versionOne()];
    if (this.header === undefined) throw new CastError(Math.max(1, this.#line), 'there is no header');
    return events;
  }

  #last(rest: string): CastEvent[] {
    if (this.header === undefined) return this.read(rest);
    try {
      return this.read(rest);
    } catch (error) {
      if (!(error instanceof CastError)) throw error;
      this.isCut = true;
      return [];
    }
  }

  #begin(line: string): CastEvent[] {
    if (line.trim() === '') return [];
    const object = parsed(line);
    if (object === undefined) {
      // Version 1 may be indented.
      if (!/^\s*\{/.test(line)) throw this.#error('this is not the header of a recording');
      this.#first = [];
      return this.#gather(line);
    }
    if (!isObject(object)) throw this.#error('the header is not an object');
    const { version } = object;
    if (version === 1) return this.#eventsOfOne(object);
    if (version !== 2 && version !== 3)
      throw this.#error(`version ${JSON.stringify(version)} is not known; 1, 2 and 3 are`);
    this.version = version;
    this.header = version === 2 ? this.#headerOfTwo(object) : this.#headerOfThree(object);
    return [];
  }

  #gather(line: string): CastEvent[] {
    this.#first?.push(line);
    this.#firstLength += line.length;
    if (this.#firstLength > MAX_V1_CHARACTERS) throw this.#error('this is not the header of a recording');
    return [];
  }

  #versionOne(): CastEvent[] {
    const object = parsed(this.#first?.join('\n') ?? '');
    this.#line = 1;
    if (!isObject(object) || object.version !== 1) throw this.#error('this is not the header of a recording');
    return this.#eventsOfOne(object);
  }

  #eventsOfOne({ width, height, command, title, stdout }: Json): CastEvent[] {
    this.#first = undefined;
    this.version = 1;
    this.header = { ...this.#size(width, height), command: textOf(command), title: textOf(title) };
    if (!Array.isArray(stdout)) throw this.#error("'stdout' is not a list");
    return stdout.map((frame: unknown) => {
      const [delay, data] = Array.isArray(frame) ? frame : [];
      if (typeof data !== 'string') throw this.#error("an entry of 'stdout' is not [delay, text]");
      return { timeMs: this.#after(delay), code: 'o', data };
    });
  }

  #headerOfTwo({ width, height, timestamp, command, title, env, idle_time_limit: limit }: Json): CastHeader {
    const term = isObject(env) ? textOf(env.TERM) : undefined;
    return { ...this.#size(width, height), term, ...about({ timestamp, command, title, limit }) };
  }

  #headerOfThree({ term, timestamp, command, title, idle_time_limit: limit }: Json): CastHeader {
    if (!isObject(term)) throw this.#error("the header has no 'term'");
    const { cols, rows, type } = term;
    return { ...this.#size(cols, rows), term: textOf(type), ...about({ timestamp, command, title, limit }) };
  }

  #event(text: string): CastEvent {
    const entry = parsed(text);
    if (!Array.isArray(entry)) throw this.#error('an event is not [time, code, data]');
    const [time, code, data] = entry as unknown[];
    if (typeof code !== 'string' || typeof data !== 'string')
      throw this.#error('an event is not [time, code, data]');
    const timeMs = this.version === 3 ? this.#after(time) : this.#at(time);
    if (code === 'r') {
      const { cols, rows } = sizeOf(data);
      this.#size(cols, rows);
    }
    return { timeMs, code, data };
  }

  #after(interval: unknown): number {
    this.#timeMs += this.#milliseconds(interval);
    return this.#timeMs;
  }

  /** Times that go back, as when two recordings were joined, count as those before them. */
  #at(time: unknown): number {
    this.#timeMs = Math.max(this.#timeMs, this.#milliseconds(time));
    return this.#timeMs;
  }

  #milliseconds(time: unknown): number {
    if (typeof time !== 'number' || !(time >= 0 && time < 1e12))
      throw this.#error(`a time is ${JSON.stringify(time) ?? 'missing'}, and must be a number of seconds`);
    return time * 1000;
  }

  #size(cols: unknown, rows: unknown): { cols: number; rows: number } {
    const isSide = (side: unknown): side is number =>
      Number.isInteger(side) && (side as number) > 0 && (side as number) <= MAX_SIDE;
    if (isSide(cols) && isSide(rows)) return { cols, rows };
    throw this.#error(`the size is ${shown(cols)}x${shown(rows)}, and must be from 1x1 to 1000x1000`);
  }

  #error(what: string): CastError {
    return new CastError(this.#line, what);
  }
}

/** Of the data of `r`, such as 80x24; not a number where it is none. */
export function sizeOf(data: string): { cols: number; rows: number } {
  const [cols = Number.NaN, rows = Number.NaN] = /^\d+x\d+$/.test(data) ? data.split('x').map(Number) : [];
  return { cols, rows };
}

function about({ timestamp, command, title, limit }: Json): Omit<CastHeader, 'cols' | 'rows'> {
  return {
    timestamp: typeof timestamp === 'number' ? timestamp : undefined,
    command: textOf(command),
    title: textOf(title),
    idleLimitMs: typeof limit === 'number' && limit > 0 ? limit * 1000 : undefined,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function shown(side: unknown): string {
  return typeof side === 'number' && !Number.isNaN(side) ? String(side) : '?';
}
