/**
 * How a session's terminal is set: what its program has told the kernel, read with stty(1), which is
 * POSIX. Linux shows these settings nowhere in /proc, and Node asks for them only to change them, so
 * it costs a process of some milliseconds: for a question that somebody asked, never for each output.
 */
import { execFile } from 'node:child_process';
import type { Foreground } from '@pilotty/protocol';

export interface TerminalState {
  /** What is typed is shown by the terminal itself. */
  echo: boolean;
  /** Input is read line by line. */
  canonical: boolean;
  /** Output is made fit for a terminal, as by a carriage return before each newline. */
  processesOutput: boolean;
}

/** A fleet whose waits all end at once would start as many processes at once. */
const AT_ONCE = 8;
let asking = 0;
const queue: (() => void)[] = [];

/** undefined when it cannot be read, as when the terminal is gone. */
export async function terminalState(terminalPath: string): Promise<TerminalState | undefined> {
  if (asking >= AT_ONCE) await new Promise<void>((resolve) => queue.push(resolve));
  else asking += 1;
  try {
    return await askStty(terminalPath);
  } finally {
    const next = queue.shift();
    if (next) next();
    else asking -= 1;
  }
}

function askStty(terminalPath: string): Promise<TerminalState | undefined> {
  const option = process.platform === 'linux' ? '-F' : '-f';
  return new Promise((resolve) => {
    execFile('stty', [option, terminalPath, '-a'], { timeout: 1000 }, (error, stdout) => {
      const isOn = (setting: string) => stdout.split(/[\s;]+/).includes(setting);
      if (error) resolve(undefined);
      else resolve({ echo: isOn('echo'), canonical: isOn('icanon'), processesOutput: isOn('opost') });
    });
  });
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
