import type { MakeClient } from './asked.ts';
import type { Io } from './io.ts';

/** What a command has instead, there. */
export interface There {
  io: Pick<Io, 'env' | 'surroundings'>;
  makeClient: MakeClient;
  /** What it exits with, where it is about many hosts: not all of them may have answered. */
  exitCode?(exitCode: number): Promise<number>;
}
