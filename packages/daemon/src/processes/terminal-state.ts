/**
 * How a session's terminal is set: what its program has set, read with stty(1), which is
 * POSIX. Linux shows these settings nowhere in /proc, and Node asks for them only to change them, so
 * it costs a process of a millisecond: only for a request that asks, never for each output.
 */
import type { Foreground, Terminal } from '@pilotty/protocol';
import { SttyHelper } from './stty-helper.ts';

export interface TerminalState {
  /** What is typed is shown by the terminal itself. */
  echo: boolean;
  /** Input is read line by line. */
  canonical: boolean;
  /** Output is made fit for a terminal, as by a carriage return before each newline. */
  processesOutput: boolean;
}

const stty = new SttyHelper();

/** For a daemon that has ended in a process that goes on: nothing of ours keeps that running. */
export function releaseStty(): void {
  stty.release();
}

/** undefined when it cannot be read, as when the terminal is gone, or there is none. */
export async function terminalState(terminalPath: string | undefined): Promise<TerminalState | undefined> {
  if (terminalPath === undefined) return undefined;
  return stateOfSettings(await stty.ask(terminalPath));
}

/** As `stty -a` prints them; undefined where it has printed none. */
export function stateOfSettings(printed: string): TerminalState | undefined {
  const settings = new Set(printed.split(/[\s;]+/));
  const isTold = settings.has('icanon') || settings.has('-icanon');
  return isTold
    ? {
        echo: settings.has('echo'),
        canonical: settings.has('icanon'),
        processesOutput: settings.has('opost'),
      }
    : undefined;
}

/**
 * A line is read that is not shown. An editor of lines (bash at its prompt) or of files (vim) switches
 * the echo off too, but reads character by character.
 */
export function isPasswordPrompt(
  { echo, canonical }: TerminalState,
  foreground: Pick<Foreground, 'state' | 'reading'> | undefined,
): boolean {
  return canonical && !echo && foreground?.state !== 'stopped' && foreground?.reading !== false;
}

/** As answers have it. */
export function settingsOf(state: TerminalState, foreground: Foreground | undefined): Terminal {
  return {
    echo: state.echo,
    canonical: state.canonical,
    processes_output: state.processesOutput,
    password_prompt: isPasswordPrompt(state, foreground),
  };
}
