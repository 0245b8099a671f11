/** Where a trace is written, and what is written besides what the trace has itself. */
import { closeSync, fstatSync, mkdirSync, openSync, readSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Trace } from './trace.ts';
import { tracePage } from './trace-page.ts';

/** The end of a log file; its failure is mostly there. */
const MAX_LOG_BYTES = 256 * 1024;

export interface TraceFacts {
  title: string;
  command: string;
  testFile: string | undefined;
  /** 'TERM', 'locale' and so on. */
  conditions: Readonly<Record<string, string>>;
  exit: string | undefined;
  logs: readonly { name: string; path: string }[];
}

/** @returns where it was written */
export function writeTrace(directory: string, name: string, trace: Trace, facts: TraceFacts): string {
  mkdirSync(directory, { recursive: true });
  const path = join(directory, `${name}.html`);
  const logs = facts.logs.map(({ name, path }) => ({ name, text: endOf(path) }));
  writeFileSync(
    path,
    tracePage(trace, { ...facts, testFile: facts.testFile && basename(facts.testFile), logs }),
  );
  return path;
}

/** The process and a number make it the name of one launch, whatever the tests are called. */
export function traceName(title: string, number: number): string {
  const words = title.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '');
  return `${words.slice(0, 80) || 'trace'}-${process.pid}-${number}`;
}

function endOf(path: string): string {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    return `(${(error as Error).message})`;
  }
  try {
    const { size } = fstatSync(file);
    const bytes = Buffer.alloc(Math.min(size, MAX_LOG_BYTES));
    const length = readSync(file, bytes, 0, bytes.length, size - bytes.length);
    const cut = size > bytes.length ? `(${size - bytes.length} bytes before these are left out)\n` : '';
    return cut + bytes.toString('utf8', 0, length);
  } finally {
    closeSync(file);
  }
}
