/** What a program printed before it began to read can be read at once, in the turn of the event loop that sees it read. */
import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { isReadingInput } from '../../packages/daemon/src/processes/process-table.ts';
import { Pty } from '../../packages/daemon/src/pty/pty.ts';
import { PATH } from '../harness/programs.ts';
import { until } from '../harness/until.ts';

/** Prints at once, and then reads. */
function startPrinting(printed: (text: string) => void, ended: () => void): Pty {
  const argv = ['/bin/sh', '-c', 'printf "before it reads"; exec cat'] as const;
  return new Pty(
    { argv: [...argv], cwd: tmpdir(), env: { PATH }, cols: 80, rows: 24 },
    { output: (bytes) => printed(bytes.toString()), exit: ended },
  );
}

/** Without a turn of the event loop. */
function waitUntilItReads(pid: number): void {
  while (!isReadingInput(pid));
}

test.runIf(process.platform === 'linux')(
  'all that came before a read is read, or said to be missing',
  async () => {
    let text = '';
    let hasEnded = false;
    const pty = startPrinting(
      (more) => {
        text += more;
      },
      () => {
        hasEnded = true;
      },
    );
    try {
      waitUntilItReads(pty.pid);
      pty.pause();
      expect([pty.readArrived(), text]).toEqual([false, '']);
      pty.resume();
      expect([pty.readArrived(), text]).toEqual([true, 'before it reads']);
    } finally {
      process.kill(pty.pid, 'SIGKILL');
      await until('it has ended', () => hasEnded);
    }
    expect([pty.readArrived(), text]).toEqual([false, 'before it reads']);
  },
);
