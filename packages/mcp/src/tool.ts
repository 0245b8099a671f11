/** What a tool is: declared once for tools/list, the check of its arguments, docs/mcp.md and `--tools`. */
import type { Client, MethodName, Params, Result, StartingClient, StreamEvent } from '@pilotty/client';
import type * as z from 'zod';
import type { Answer } from './answers/answer.ts';
import type { LongTexts } from './answers/long-texts.ts';
import type { Host } from './host.ts';

/** A call on its way: what a tool may ask, and how long it has. */
export interface Call {
  request<M extends MethodName>(
    method: M,
    params: Params<M>,
    onEvent?: (event: StreamEvent<M>) => void,
  ): Promise<Result<M>>;
  /** The same, for what is carried out with several requests; with `signal`. */
  readonly client: Client;
  /** Aborted when the answer is no longer wanted. */
  readonly signal: AbortSignal;
  readonly host: Pick<Host, 'env' | 'readsProjects'>;
  readonly surroundings: StartingClient['surroundings'];
  readonly longTexts: LongTexts;
  /** The answer is to be on its way by then. */
  readonly answerWithinMs: number;
}

export interface Tool {
  name: string;
  title: string;
  description: string;
  /** In the profile that is offered unless `--tools` says otherwise. */
  isDefault: boolean;
  /** It changes nothing that another client could see. */
  readOnly: boolean;
  /** What it does may be lost or broken; of a tool that is not read-only. */
  destructive: boolean;
  /** Twice is as once. */
  idempotent: boolean;
  /** It reaches beyond this machine's sessions: a program may do anything. */
  openWorld: boolean;
  /** Starts a daemon where none runs. */
  startsDaemon: boolean;
  /** May take longer than a moment: progress is reported. */
  waits: boolean;
  params: z.ZodType;
  run(given: unknown, call: Call): Promise<Answer>;
}

type Declaration<T extends z.ZodType> = Pick<Tool, 'name' | 'title' | 'description'> &
  Partial<Omit<Tool, 'params' | 'run'>> & {
    params: T;
    run(given: z.output<T>, call: Call): Promise<Answer>;
  };

/** A tool that only looks, of the default profile, unless it says otherwise. */
export function tool<T extends z.ZodType>(declaration: Declaration<T>): Tool {
  const { readOnly = true } = declaration;
  return {
    isDefault: true,
    readOnly,
    destructive: !readOnly,
    idempotent: readOnly,
    openWorld: !readOnly,
    startsDaemon: false,
    waits: false,
    ...declaration,
    // Sound, because what it is given was parsed by its own params.
    run: (given, call) => declaration.run(given as z.output<T>, call),
  };
}
