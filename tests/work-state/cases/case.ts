/** A program in a state that a person knows, and what pilotty says of it. */
import type { Result } from '../../../packages/client/src/index.ts';
import { program } from '../../harness/programs.ts';

type State = NonNullable<Result<'session.status'>['work_state']>['name'];

/** Sent once that is shown, or without it once there is a prompt. */
export type Step = { shown?: string } & ({ text: string; enter?: true } | { keys: string });

export interface Case {
  program: string;
  what: string;
  is: State;
  argv: readonly string[];
  steps?: readonly Step[];
  /** What pilotty says, where that is something else. */
  said?: State | 'unknown';
}

export const sh = (script: string): string[] => ['sh', '-c', script];
export const node = (script: string): string[] => [process.execPath, '-e', script];
export const python = (script: string): string[] => ['python3', '-c', script];
/** Of a program of which tests/programs/screens.cjs draws what it shows. */
export const screen = (name: string): string[] => program('screens.cjs', name);

/** Each sent off with Enter at the prompt. */
export const lines = (...texts: string[]): Step[] => texts.map((text) => ({ text, enter: true }));

/** Keys are pressed once a text is shown. */
export const once = (shown: string, ...keys: string[]): Step => ({ shown, keys: keys.join(' ') });

export function a(
  program: string,
  what: string,
  is: State,
  argv: readonly string[],
  steps: readonly Step[] = [],
): Case {
  return { program, what, is, argv, steps };
}

/** One that is said to be in another state, or in none. */
export function butSaid(said: State | 'unknown', one: Case): Case {
  return { ...one, said };
}
