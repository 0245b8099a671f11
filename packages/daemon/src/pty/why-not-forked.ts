/** What forkpty(3) lacked: node-pty says only that it has failed. */
import fs from 'node:fs';

/** @param openTerminal opens and closes one more terminal, and throws what the system throws */
export function whyNotForked(openTerminal: () => void = openOne): string {
  try {
    openTerminal();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOSPC'
      ? 'the system has no terminal left (kernel.pty.max)'
      : `no terminal can be opened: ${message}`;
  }
  return 'the system could not start another process';
}

function openOne(): void {
  fs.closeSync(fs.openSync('/dev/ptmx', fs.constants.O_RDWR | fs.constants.O_NOCTTY));
}
