/** The shape of a command: what its words may be, its page of help, and `run`. */
import { safeJson } from '@pilotty/client';
import type { Generation } from './generation.ts';
import type { Io } from './io.ts';
import type { SessionsDirectory } from './sessions/sessions-directory.ts';

export interface Command {
  /** What follows the name, for the help: 'ID [COMMAND]'. */
  usage: string;
  summary: string;
  /** By name without dashes; a placeholder stands where the option takes a value. */
  options?: Record<string, { placeholder?: string; description: string }>;
  /** The argument from which on every word, options too, belongs to what is run; counted from 0. */
  verbatimFrom?: number;
  /** At most so many arguments; without it any number. */
  most?: number;
  /** What else its page of help says. */
  more?: string;
  examples: readonly (readonly [line: string, purpose: string])[];
  /** Answers the exit code. */
  run(given: Given, around: Around): Promise<number>;
}

export interface Given {
  arguments: readonly string[];
  /** The values of options that take one, and '' for those that were merely given. */
  options: ReadonlyMap<string, string>;
}

/** What every command may use. */
export interface Around {
  io: Io;
  generation: Generation;
  sessions: SessionsDirectory;
}

/** Declares a command; only checks its type. */
export function command(declaration: Command): Command {
  return declaration;
}

export function printJson({ io }: Around, result: unknown): Promise<void> {
  return io.stdout.write(`${safeJson(result, 2)}\n`);
}
