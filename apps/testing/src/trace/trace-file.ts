/** Where a trace is written, and what is written besides what the trace has itself. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Place } from '../place.ts';
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
  logs: readonly Log[];
}

export interface Log {
  name: string;
  text: string;
}

/** @returns where it was written */
export function writeTrace(directory: string, name: string, trace: Trace, facts: TraceFacts): string {
  mkdirSync(directory, { recursive: true });
  const path = join(directory, `${name}.html`);
  writeFileSync(path, tracePage(trace, { ...facts, testFile: facts.testFile && basename(facts.testFile) }));
  return path;
}

/** The process and a number make it the name of one launch, whatever the tests are called. */
export function traceName(title: string, number: number): string {
  const words = title.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '');
  return `${words.slice(0, 80) || 'trace'}-${process.pid}-${number}`;
}

/** A log file, or why it cannot be read. */
export async function endOf(place: Place, { name, path }: { name: string; path: string }): Promise<Log> {
  try {
    const { bytes, before } = await place.readEnd(path, MAX_LOG_BYTES);
    const cut = before > 0 ? `(${before} bytes before these are left out)\n` : '';
    return { name, text: cut + Buffer.from(bytes).toString() };
  } catch (error) {
    return { name, text: `(${(error as Error).message})` };
  }
}
