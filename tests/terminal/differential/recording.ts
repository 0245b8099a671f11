/**
 * What a program sent to its terminal, and where it is looked at; once recorded, the same for ever.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { type IPty, spawn } from 'node-pty';
import { encodeKey, parseKeys, Screen } from '../../../packages/terminal/src/index.ts';
import { PATH } from '../../harness/programs.ts';
import { until } from '../../harness/until.ts';
import { furnish, type Program } from './programs.ts';
import type { Size } from './tmux.ts';

export type RecordedStep = Uint8Array | Size | 'look';

export interface Recording {
  size: Size;
  steps: RecordedStep[];
}

export interface RecordOptions {
  /** Where it runs; furnished, and kept. Without it a directory for the time. */
  home?: string;
  /** What to put before the command. */
  wrapper?: string[];
}

/** Runs the program at this size, on our own screen for a terminal. */
export async function record(program: Program, size: Size, options: RecordOptions = {}): Promise<Recording> {
  const home = options.home ?? mkdtempSync(join(tmpdir(), 'pt-'));
  furnish(home);
  const [file = '', ...args] = [...(options.wrapper ?? []), ...program.command];
  const pty = spawn(file, args, {
    ...size,
    cwd: home,
    encoding: null,
    env: { PATH, HOME: home, TERM: 'xterm-256color', LANG: 'C.UTF-8', TZ: 'UTC', ...program.env },
  });
  try {
    return { size, steps: await follow(pty, program, size) };
  } finally {
    pty.kill('SIGKILL');
    if (options.home === undefined) rmSync(home, { recursive: true, force: true });
  }
}

async function follow(pty: IPty, program: Program, size: Size): Promise<RecordedStep[]> {
  const screen = new Screen({ ...size, scrollback: 100 });
  const steps: RecordedStep[] = [];
  let isEnded = false;
  let pending: Buffer[] = [];
  // With `encoding: null` node-pty gives buffers, whatever its types say.
  pty.onData((data) => {
    const chunk = data as unknown as Buffer;
    pending.push(chunk);
    screen.write(chunk);
    const replies = screen.takeReplies();
    if (replies !== undefined) pty.write(Buffer.from(replies) as unknown as string);
  });
  pty.onExit(() => {
    isEnded = true;
  });
  /** Up to the last whole sequence; the rest is for later. */
  const flush = () => {
    const bytes = Buffer.concat(pending);
    const end = wholeSequences(bytes);
    if (end > 0) steps.push(bytes.subarray(0, end));
    pending = [bytes.subarray(end)];
  };
  for (const step of program.steps) {
    if (step === 'look') {
      flush();
      steps.push('look');
    } else if (step === 'end') {
      await until('the program to end', () => isEnded, { lastSeen: () => screen.text() });
    } else if ('wait' in step) {
      const wanted = typeof step.wait === 'function' ? step.wait(screen.size) : step.wait;
      const isThere = () =>
        typeof wanted === 'string' ? screen.text().includes(wanted) : wanted.test(screen.text());
      await until(String(wanted), isThere, { lastSeen: () => screen.text() });
    } else if ('type' in step) {
      pty.write(step.type);
    } else if ('press' in step) {
      for (const key of parseKeys(step.press))
        pty.write(Buffer.from(encodeKey(key, screen.modes)) as unknown as string);
    } else {
      flush();
      const { cols, rows } = screen.size;
      const larger = { cols: cols + step.resize[0], rows: rows + step.resize[1] };
      steps.push(larger);
      screen.resize(larger.cols, larger.rows);
      pty.resize(larger.cols, larger.rows);
    }
  }
  flush();
  steps.push('look');
  screen.dispose();
  return steps;
}

/** Where a sequence or character begins that is not complete; else the end. */
function wholeSequences(bytes: Buffer): number {
  const text = bytes.toString('latin1');
  const begun =
    /\x1b(?:[[()*+#%][\d:;<=>?!"$' ]*|[P\]^_X][^\x07\x1b]*\x1b?)?$|[\xc0-\xff][\x80-\xbf]{0,2}$/.exec(text);
  if (begun === null) return bytes.length;
  const isCharacter = begun[0].charCodeAt(0) >= 0xc0;
  if (isCharacter && !Buffer.from(begun[0], 'latin1').toString('utf8').includes('\ufffd'))
    return bytes.length;
  return begun.index;
}

/** Everything before each look. */
export function prefixes(steps: readonly RecordedStep[]): (Uint8Array | Size)[][] {
  const found: (Uint8Array | Size)[][] = [];
  const sofar: (Uint8Array | Size)[] = [];
  for (const step of steps) {
    if (step === 'look') found.push([...sofar]);
    else sofar.push(step);
  }
  return found;
}

/** Of a program by its name; one file for all sizes. */
export function recordingPath(name: string): string {
  const file = `${name.toLowerCase().replace(/[^a-z]+/g, '-')}.json.gz`;
  return fileURLToPath(new URL(`../fixtures/recordings/${file}`, import.meta.url));
}

export function readRecordings(path: string): Recording[] {
  const recordings: { size: Size; steps: (string | Size | 'look')[] }[] = JSON.parse(
    gunzipSync(readFileSync(path)).toString('utf8'),
  );
  return recordings.map(({ size, steps }) => ({
    size,
    steps: steps.map((step) =>
      typeof step === 'string' && step !== 'look'
        ? Buffer.from(step.slice(1), 'utf8')
        : (step as Size | 'look'),
    ),
  }));
}

/** Text steps begin with a mark of their own, so that none is taken for 'look'. */
export function writeRecordings(path: string, recordings: readonly Recording[]): void {
  const json = recordings.map(({ size, steps }) => ({
    size,
    steps: steps.map((step) =>
      step instanceof Uint8Array ? `>${Buffer.from(step).toString('utf8')}` : step,
    ),
  }));
  writeFileSync(path, gzipSync(JSON.stringify(json), { level: 9 }));
}
