/**
 * history.log and input.log: one JSON object a line, to look up what an agent did. A line
 * is one append, so two commands at once do not mix theirs.
 */
import { appendFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { FILE_MODE, isCode } from './files.ts';

/** At which the file becomes FILE.1, and a new one begins. */
const FULL_BYTES = 4 * 1024 * 1024;
/** Of one command or input; what is longer is a file that was sent, and is cut. */
const LONGEST = 64 * 1024;

export interface Execution {
  /** null where it went on with the one before. */
  command: string | null;
  exit_code: number | null;
  execution_time_ms: number;
  /** Why there is no exit code yet, or the session is over. */
  outcome?: 'deadline' | 'exited';
}

export type Input = { input: string } | { key: string } | { withheld_bytes: number };

export function recordExecution(directory: string, execution: Execution): void {
  append(directory, 'history.log', { ...execution, command: execution.command && cut(execution.command) });
}

export function recordInput(directory: string, input: Input): void {
  append(directory, 'input.log', 'input' in input ? { input: cut(input.input) } : input);
}

function append(directory: string, name: string, record: object): void {
  const path = join(directory, name);
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > FULL_BYTES) putAside(path);
  const line = JSON.stringify({ timestamp: new Date().toISOString(), ...record });
  appendFileSync(path, `${line}\n`, { mode: FILE_MODE });
}

function putAside(path: string): void {
  try {
    renameSync(path, `${path}.1`);
  } catch (error) {
    // Another command was faster.
    if (!isCode(error, 'ENOENT')) throw error;
  }
}

function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}… (${text.length} characters)` : text;
}
