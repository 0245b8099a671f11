/** The daemon as its connections see it, and what may take a connection over. */
import type { Duplex } from 'node:stream';
import type { HelloAnswer } from '@pilotty/protocol';
import type { Call } from '../call.ts';
import type { Log } from '../log.ts';
import type { Announcing } from '../until.ts';
import type { CommandConnection } from './command-host.ts';

/** What a connection needs of the daemon behind it. */
export interface Answering {
  /** Decides what a client's version means. */
  greet(hello: unknown): HelloAnswer;
  /** Validates and runs a method. @returns its result, or a promise of it where something must be waited for */
  answer(method: string, params: unknown, call: Call): unknown;
  /**
   * Runs `session.key`, asked for one after the other, for the same session and with nothing but keys.
   * @returns as answer(), of the first of them; each other is to be run alone
   */
  answerKeys?(asked: readonly { params: unknown; call: Call }[]): readonly unknown[];
  /** It is being stopped: what is new is refused. */
  readonly isStopping: boolean;
  /** Not every client may do all that its user may. */
  readonly hasPolicy: boolean;
  /** Announces that another daemon has the sessions now. */
  readonly handedOver?: Announcing | undefined;
  /** Runs command lines in this process; without it their connections are refused. */
  readonly commandHost?: CommandHost | undefined;
}

export interface CommandHost {
  /** Takes over a connection, with what has been read of it. */
  open(socket: Duplex, received: Buffer, daemon: Answering, log: Log): CommandConnection;
}
