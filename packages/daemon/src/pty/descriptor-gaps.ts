/**
 * Keeps the terminals of other sessions out of a program that is started.
 *
 * node-pty marks what is open to be closed in the program, one descriptor after the other, and ends at the first gap
 * above 15. The terminals it has opened before are not marked otherwise: behind a gap they would come to the program,
 * which could read and type there, and would keep them from being hung up.
 */
import fs from 'node:fs';

/** Descriptors that node-pty opened, and that are open still. */
const terminals = new Set<number>();

/** Calls `fork` while there is no gap below any terminal. It answers with the descriptor of its own. */
export function forkWithoutGaps<T extends { fd: number }>(fork: () => T): T {
  const highest = Math.max(0, ...terminals);
  const fillers: number[] = [];
  try {
    // The lowest that is free is taken, so the first one above the terminals has filled every gap.
    for (let filler = 0; filler < highest; fillers.push(filler)) filler = fs.openSync('/dev/null', 'r');
    const forked = fork();
    terminals.add(forked.fd);
    return forked;
  } finally {
    for (const filler of fillers) fs.closeSync(filler);
  }
}

/** Of a session that another daemon has started. */
export function terminalAdopted(fd: number): void {
  terminals.add(fd);
}

export function terminalClosed(fd: number): void {
  terminals.delete(fd);
}
