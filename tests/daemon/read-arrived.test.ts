/** What a program printed before it began to read can be read at once, in the turn of the event loop that sees it read. */
import fs from 'node:fs';
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

test.runIf(process.platform === 'linux')('all that a terminal holds is read at once', async () => {
  let bytes = 0;
  let hasEnded = false;
  const pty = new Pty(
    { argv: ['/bin/sleep', '1000'], cwd: tmpdir(), env: { PATH }, cols: 80, rows: 24 },
    {
      output: (more) => {
        bytes += more.length;
      },
      exit: () => {
        hasEnded = true;
      },
    },
  );
  const terminal = fs.openSync(
    pty.terminalPath,
    fs.constants.O_WRONLY | fs.constants.O_NOCTTY | fs.constants.O_NONBLOCK,
  );
  const { stackTraceLimit } = Error;
  try {
    const written = fill(terminal);
    expect(written).toBeGreaterThan(4096);
    expect([pty.readArrived(), bytes]).toEqual([true, written]);
    expect([pty.readArrived(), bytes, Error.stackTraceLimit]).toEqual([true, written, stackTraceLimit]);
  } finally {
    fs.closeSync(terminal);
    process.kill(pty.pid, 'SIGKILL');
    await until('it has ended', () => hasEnded);
  }
});

/** Prints until the terminal takes no more. @returns how much it has taken */
function fill(terminal: number): number {
  for (let written = 0; ; ) {
    try {
      written += fs.writeSync(terminal, Buffer.alloc(1000, 'x'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return written;
      throw error;
    }
  }
}
