import type { Client, ClientName } from '@pilotty/client';
import type { Io } from './io.ts';

/** What a client is to do for the command that runs just now: a batch runs many with one client. */
export interface Asked {
  readonly startsDaemon: boolean;
  readonly warn: (message: string) => void;
  /** What the user calls this client. */
  readonly as: string | undefined;
}

export type MakeClient = (asked: Asked) => Client;

/** Who a command is for the daemon, as far as the user has said. */
export function callerOf(asked: Asked, env: Io['env']): ClientName {
  return { name: asked.as ?? (env.PILOTTY_CLIENT || undefined), scope: env.PILOTTY_SCOPE || undefined };
}
