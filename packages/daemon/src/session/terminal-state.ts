/** How a session's terminal is set: what its program has told the kernel, read with stty(1), which is POSIX. */
import { execFile } from 'node:child_process';

export interface TerminalState {
  /** What is typed is shown. */
  echo: boolean;
  /** Input is read line by line. */
  canonical: boolean;
}

/** undefined when it cannot be read, as when the terminal is gone. */
export function terminalState(terminalPath: string): Promise<TerminalState | undefined> {
  const option = process.platform === 'linux' ? '-F' : '-f';
  return new Promise((resolve) => {
    execFile('stty', [option, terminalPath, '-a'], { timeout: 1000 }, (error, stdout) => {
      if (error) resolve(undefined);
      else resolve({ echo: /(?<!-)\becho\b/.test(stdout), canonical: /(?<!-)\bicanon\b/.test(stdout) });
    });
  });
}
