/**
 * What happened in a test, for the one who looks why it failed: screens and output with their times, acts, assertions.
 *
 * Times are milliseconds since the launch. What it keeps is bounded: the oldest screens and the oldest output go, and
 * are counted.
 */
import type { Cursor, ScreenState, Size, StyledSpan } from '@pilotty/sdk';

/** A test shows some hundreds; an animation shows them in seconds. */
export const MAX_FRAMES = 2000;
export const MAX_OUTPUT_BYTES = 1024 * 1024;
/** A test that acts in a loop. */
export const MAX_STEPS = 5000;

export interface Frame {
  at_ms: number;
  revision: number;
  size: Size;
  cursor: Cursor;
  title: string | undefined;
  /** A row that is the same as in the frame before is the same object. */
  rows: readonly (readonly StyledSpan[])[];
}

export interface Step {
  at_ms: number;
  duration_ms: number;
  kind: 'act' | 'assertion' | 'note';
  title: string;
  /** Of the screen when it had ended. */
  revision: number | undefined;
  failure?: string;
}

export interface OutputPiece {
  at_ms: number;
  bytes: Uint8Array;
}

export class Trace {
  readonly startedAt = new Date();
  readonly frames: Frame[] = [];
  readonly steps: Step[] = [];
  readonly output: OutputPiece[] = [];
  droppedFrames = 0;
  droppedSteps = 0;
  droppedOutputBytes = 0;
  #outputBytes = 0;
  readonly #now: () => number;
  readonly #began: number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#began = now();
  }

  get elapsedMs(): number {
    return this.#now() - this.#began;
  }

  /** The screen as it was seen, with its styles; one that was seen already adds nothing. */
  see({ revision, size, cursor, title, lines }: ScreenState): void {
    if (lines === undefined) return;
    const last = this.frames.at(-1);
    if (last !== undefined && revision <= last.revision) return;
    const rows = lines.map((line, row) => (isSame(line, last?.rows[row]) ? (last?.rows[row] ?? line) : line));
    this.frames.push({ at_ms: this.elapsedMs, revision, size, cursor, title, rows });
    while (this.frames.length > MAX_FRAMES) {
      this.frames.shift();
      this.droppedFrames += 1;
    }
  }

  printed(bytes: Uint8Array): void {
    this.output.push({ at_ms: this.elapsedMs, bytes });
    this.#outputBytes += bytes.length;
    while (this.#outputBytes > MAX_OUTPUT_BYTES) {
      const dropped = this.output.shift()?.bytes.length ?? 0;
      this.#outputBytes -= dropped;
      this.droppedOutputBytes += dropped;
    }
  }

  /** Something the test does; it may fail, and is a step nevertheless. */
  async step<T>(kind: Step['kind'], title: string, run: () => Promise<T>): Promise<T> {
    const step: Step = { at_ms: this.elapsedMs, duration_ms: 0, kind, title, revision: undefined };
    this.steps.push(step);
    if (this.steps.length > MAX_STEPS) {
      this.steps.shift();
      this.droppedSteps += 1;
    }
    try {
      return await run();
    } catch (error) {
      step.failure = error instanceof Error ? error.message : String(error);
      throw error;
    } finally {
      step.duration_ms = this.elapsedMs - step.at_ms;
      step.revision = this.frames.at(-1)?.revision;
    }
  }

  note(title: string): void {
    void this.step('note', title, async () => {});
  }

  /** The last things that happened, oldest first: acts, and rows as they changed. */
  recent(count: number): string[] {
    const changes = this.frames.slice(-count).map((frame, index, frames) => ({
      at_ms: frame.at_ms,
      said: changedRows(frame, frames[index - 1] ?? this.frames.at(-count - 1)),
    }));
    const acts = this.steps
      .filter(({ kind }) => kind !== 'assertion')
      .slice(-count)
      .map(({ at_ms, title }) => ({ at_ms, said: title }));
    return [...changes, ...acts]
      .sort((a, b) => a.at_ms - b.at_ms)
      .slice(-count)
      .map(({ at_ms, said }) => `${(at_ms / 1000).toFixed(3).padStart(7)} s  ${said}`);
  }
}

function changedRows(frame: Frame, before: Frame | undefined): string {
  const changed = frame.rows.flatMap((row, index) => (row === before?.rows[index] ? [] : [index]));
  const row = changed.find((index) => textIn(frame, index) !== '') ?? changed[0];
  if (row === undefined) return `the cursor went to row ${frame.cursor.row}, column ${frame.cursor.col}`;
  const others = changed.length > 1 ? ` (and ${changed.length - 1} more)` : '';
  return `row ${row} changed${others}: ${JSON.stringify(textIn(frame, row).slice(0, 60))}`;
}

function textIn({ rows }: Frame, row: number): string {
  return (rows[row] ?? [])
    .map(({ text }) => text)
    .join('')
    .trim();
}

function isSame(one: readonly StyledSpan[], other: readonly StyledSpan[] | undefined): boolean {
  return other !== undefined && JSON.stringify(one) === JSON.stringify(other);
}
