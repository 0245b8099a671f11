/** What a session is doing, in words, from what the daemon knows of it: nothing is guessed from the text on its screen. */
import type { Exit, Result } from '@pilotty/client';

type Status = Pick<Result<'session.status'>, 'foreground' | 'terminal' | 'shell'>;

/** Those that want something from a person first; as `is:` of the filter names them. */
export const kinds = ['asks', 'waiting', 'failed', 'stopped', 'running', 'prompt', 'ended'] as const;
export type Kind = (typeof kinds)[number];

export interface State {
  kind: Kind;
  words: string;
  /** For a narrow tile. */
  short: string;
}

/** What the kernel and the shell know of a program that runs. */
export interface Facts {
  asksForPassword: boolean;
  isAtPrompt: boolean;
  isStopped: boolean;
  /** Blocked in a read of the terminal; null where it waits for several things at once, or that is unknown. */
  isReading: boolean | null;
  /** Where that is null: whether the terminal is among what it waits for. */
  isPolling: boolean;
}

/**
 * What waits for several things at once, the terminal among them, as `top` does and an agent at work, waits for input
 * only if it draws nothing meanwhile: top draws every three seconds.
 */
export const POLLING_QUIET_MS = 4_000;

export function factsOf({ foreground, terminal, shell }: Status, isPolling: boolean): Facts {
  return {
    asksForPassword: terminal?.password_prompt ?? false,
    isAtPrompt: shell.at_prompt ?? false,
    isStopped: foreground?.state === 'stopped',
    isReading: foreground?.reading ?? null,
    isPolling,
  };
}

/** Whether only a further question can say that it waits for input. */
export function mayBePolling({ asksForPassword, isAtPrompt, isStopped, isReading }: Facts): boolean {
  return isReading === null && !asksForPassword && !isAtPrompt && !isStopped;
}

/** @param quietMs since its screen changed */
export function stateOf(exit: Exit | undefined, facts: Facts | undefined, quietMs: number): State {
  if (exit !== undefined) return endOf(exit);
  if (facts?.asksForPassword) return { kind: 'asks', words: 'asks for a password', short: 'password' };
  if (facts?.isStopped) return { kind: 'stopped', words: 'stopped', short: 'stopped' };
  if (facts?.isAtPrompt) return { kind: 'prompt', words: 'at its prompt', short: 'prompt' };
  if (facts?.isReading || (facts?.isPolling && quietMs >= POLLING_QUIET_MS))
    return { kind: 'waiting', words: 'waiting for input', short: 'waiting' };
  return { kind: 'running', words: 'running', short: 'running' };
}

/** A session that a client has ended has not failed. */
function endOf({ success, signal, exit_code, killed_by_client }: Exit): State {
  const kind = success || killed_by_client ? 'ended' : 'failed';
  if (signal !== null) return { kind, words: `ended by ${signal}`, short: signal };
  return { kind, words: `ended, exit code ${exit_code}`, short: `exit ${exit_code}` };
}
