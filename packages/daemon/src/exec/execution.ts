/** One command in a session, as those see it who wait for it; how it is run is for each kind to know. */
import type { RequestError } from '@pilotty/protocol';
import type { Deadline } from '../call.ts';
import type { Session } from '../session/session.ts';
import type { Prompt } from './prompt.ts';

export interface Ending {
  outcome: 'matched' | 'exited';
  exitCode: number | null;
  signal: string | null;
  cwd: string | null;
  error?: boolean;
  /** The shell that has reported the end, and reads its next line. */
  reportedBy?: number;
  note?: string;
}

export interface Piece {
  stream: 'stdout' | 'stderr';
  bytes: Buffer;
}

export interface Execution {
  readonly session: Session;
  /** Undefined while it runs. */
  readonly ending: Ending | RequestError | undefined;
  /** False once its end is known; `ending` follows when its last output has been read. */
  readonly isRunning: boolean;
  /** Its shell has it behind it, and is yet to say how it ended. */
  readonly isEnding: boolean;
  /** A client waits for it. */
  readonly isAttended: boolean;
  /** Number of the input that was the line we typed last, which may be a question of ours. */
  readonly typedSeq: number;
  readonly elapsedMs: number;
  readonly droppedBytes: number;
  /**
   * Types the command.
   * @param requireStill see Ready
   * @returns false when its program has left its prompt since it was found there: nothing was typed then
   * @throws RequestError when it will not be run
   */
  begin(command: string, deadline: Deadline, requireStill: () => boolean): Promise<boolean>;
  /** Calls `listener` after something was printed or it ended, until the function it returns is called. */
  watch(listener: () => void): () => void;
  /** Whether a client waits, and so holds the program back by not taking what it prints. */
  attend(isAttended: boolean): void;
  /** What was printed and not taken yet. */
  take(): Piece[];
  /** Looks at once whether it has ended. */
  look(): void;
  /** Another program than the one that runs the command reads now. */
  isDisplacedBy(prompt: Prompt): boolean;
  /** Whether this is the process it was typed to. */
  isIn(pid: number): boolean;
  /** A program that it has started is used from now on. @returns whether it continues, and can be asked how it ended */
  suspend(): boolean;
}
