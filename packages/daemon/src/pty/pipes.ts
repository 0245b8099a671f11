/**
 * Pipes to and from a program. Node makes socket pairs where it says "pipe", which a program cannot open by the name
 * /dev/stdin or /dev/stderr, as scripts do. So they are FIFOs, opened at both ends and then removed: what is left is a
 * pipe. Each end is opened on its own, so that ours do not block, and the program's do.
 */
import { execFileSync } from 'node:child_process';
import fs, { constants } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Descriptors. */
export interface PipeEnds {
  stdin: number;
  stdout: number;
  stderr: number;
}

const NAMES = ['stdin', 'stdout', 'stderr'] as const;

/** @throws Error where the system makes none */
export function openPipes(): { ours: PipeEnds; theirs: PipeEnds } {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'pilotty-'));
  const opened: number[] = [];
  try {
    const files = NAMES.map((name) => path.join(directory, name)) as [string, string, string];
    makeFifos(files);
    const open = (file: string, flags: number) => {
      const fd = fs.openSync(file, flags);
      opened.push(fd);
      return fd;
    };
    const [stdin, stdout, stderr] = files.map((file) => {
      // Each open that blocks has its other end by then.
      const reading = open(file, constants.O_RDONLY | constants.O_NONBLOCK);
      const isInput = file === files[0];
      const writing = open(file, isInput ? constants.O_WRONLY | constants.O_NONBLOCK : constants.O_WRONLY);
      if (!isInput) return { ours: reading, theirs: writing };
      const theirs = open(file, constants.O_RDONLY);
      fs.closeSync(reading);
      opened.splice(opened.indexOf(reading), 1);
      return { ours: writing, theirs };
    }) as [Ends, Ends, Ends];
    return {
      ours: { stdin: stdin.ours, stdout: stdout.ours, stderr: stderr.ours },
      theirs: { stdin: stdin.theirs, stdout: stdout.theirs, stderr: stderr.theirs },
    };
  } catch (error) {
    for (const fd of opened) fs.closeSync(fd);
    throw error;
  } finally {
    fs.rmSync(directory, { recursive: true, force: true });
  }
}

interface Ends {
  ours: number;
  theirs: number;
}

export function closePipes({ stdin, stdout, stderr }: PipeEnds): void {
  for (const fd of [stdin, stdout, stderr]) fs.closeSync(fd);
}

function makeFifos(files: readonly string[]): void {
  try {
    execFileSync('mkfifo', ['-m', '600', ...files], { stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (error) {
    const { message } = error as Error;
    throw new Error(/ENOENT/.test(message) ? 'mkfifo(1), of the GNU coreutils, is not in the PATH' : message);
  }
}
