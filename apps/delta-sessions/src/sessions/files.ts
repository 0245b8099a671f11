/**
 * What a session's directory says of it, as the guides show it. A file is replaced whole, so that
 * a reader always reads a whole one. There is no environment in any of them.
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomHex } from './random-hex.ts';

export const FILE_MODE = 0o600;

/** metadata.json: what the session is, and how often it was used. */
export interface Metadata {
  session_id: string;
  /** As the generation that started it shows it. */
  command: string | readonly string[];
  argv: readonly string[];
  pid: number;
  created_at: string;
  last_accessed_at: string;
  last_executed_at?: string;
  status: 'active' | 'terminated';
  /** Where it was started. */
  work_dir: string;
  execution_count: number;
  ended_at?: string;
  exit_code?: number | null;
  signal?: string | null;
}

/** state.json: where the session is now, who owns it, and who has read how much. */
export interface State {
  /** As of its last command. */
  work_dir: string;
  /** The daemon that has it, and what it is called there. */
  daemon: { socket: string; session_id: string; pid: number };
  /** Offset in the output up to which each reader has read. */
  readers: Record<string, number>;
  /** Length of the output when the session was last sent something. */
  input_offset: number;
}

export function readMetadata(directory: string): Metadata | undefined {
  return readObject(join(directory, 'metadata.json'), (found: Partial<Metadata>) =>
    Boolean(found.session_id && Array.isArray(found.argv) && found.created_at && found.status),
  );
}

export function readState(directory: string): State | undefined {
  return readObject(join(directory, 'state.json'), (found: Partial<State>) =>
    Boolean(found.daemon?.socket && found.daemon.session_id && found.readers),
  );
}

export function writeMetadata(directory: string, metadata: Metadata): void {
  replace(join(directory, 'metadata.json'), metadata);
}

export function writeState(directory: string, state: State): void {
  replace(join(directory, 'state.json'), state);
}

/** undefined when there is none, or what is there is not ours. */
function readObject<T>(path: string, isWhole: (found: Partial<T>) => boolean): T | undefined {
  try {
    const found = JSON.parse(readFileSync(path, 'utf8')) as Partial<T> | null;
    return found !== null && isWhole(found) ? (found as T) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || isCode(error, 'ENOENT', 'ENOTDIR', 'EISDIR')) return undefined;
    throw error;
  }
}

function replace(path: string, content: object): void {
  const next = `${path}.${randomHex(8)}`;
  writeFileSync(next, `${JSON.stringify(content, null, 2)}\n`, { mode: FILE_MODE, flag: 'wx' });
  try {
    renameSync(next, path);
  } catch (error) {
    rmSync(next, { force: true });
    throw error;
  }
}

export function isCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
