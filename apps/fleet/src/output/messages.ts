/** What is asked of a host about the output stream of its fleet, and what it answers. */
import type { StoredOutput } from './stored-output.ts';

export type OutputQuestion =
  /** By its id, or the name that it had. */
  | { ask: 'find'; host: string; session: string }
  /** Messages of a session from a place in the stream on. */
  | { ask: 'page'; host: string; id: string; seq: number };

export interface ToldOutput extends Omit<StoredOutput, 'bytes' | 'keptAt'> {
  base64: string;
  kept_at: string;
}

export interface OutputAnswers {
  find: { id?: string; last?: ToldOutput };
  page: { outputs: ToldOutput[]; more: boolean };
}

export function told({ bytes, keptAt, ...output }: StoredOutput): ToldOutput {
  return { ...output, base64: Buffer.from(bytes).toString('base64'), kept_at: keptAt.toISOString() };
}

export function untold({ base64, kept_at, ...output }: ToldOutput): StoredOutput {
  return { ...output, bytes: Buffer.from(base64, 'base64'), keptAt: new Date(kept_at) };
}
