import type { Client } from '@pilotty/client';

/** What a client is to do for the command that runs just now: a batch runs many with one client. */
export interface Asked {
  readonly startsDaemon: boolean;
  readonly warn: (message: string) => void;
  /** What the user calls this client. */
  readonly as: string | undefined;
}

export type MakeClient = (asked: Asked) => Client;
