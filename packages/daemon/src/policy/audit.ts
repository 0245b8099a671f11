/**
 * The audit trail: a line of JSON before an act is done, and one when it has ended, both with the number of the act. It
 * says who did what to which session, and never what was typed, nor arguments or an environment.
 */
import type { RotatingFile } from '@pilotty/protocol';
import type { ClientIdentity } from '../client-identity.ts';
import type { GovernedAct } from './acts.ts';

export interface AuditedAct {
  method: string;
  acts: readonly GovernedAct[];
  client: ClientIdentity;
  session?: { session: string; session_id: string } | undefined;
  /** The sessions that it is about, where they are several. */
  selected?: object | undefined;
  /** The files that it would start. */
  programs?: readonly string[] | undefined;
  /** How much it would type. */
  characters?: number | undefined;
  decision: 'allow' | 'deny' | 'person';
  rule: string;
}

export class AuditTrail {
  readonly #file: RotatingFile;
  #last = 0;

  constructor(file: RotatingFile) {
    this.#file = file;
  }

  /** @returns the number of the act; undefined where it could not be written */
  decided({ client, session, ...act }: AuditedAct): number | undefined {
    this.#last += 1;
    const { label, pid } = client;
    const isWritten = this.#write({
      act: this.#last,
      client: label,
      ...(pid && { pid }),
      ...session,
      ...act,
    });
    return isWritten ? this.#last : undefined;
  }

  /** @param session that has come of it */
  ended(act: number, outcome: string, session?: AuditedAct['session']): void {
    this.#write({ act, outcome, ...session });
  }

  #write(entry: object): boolean {
    return this.#file.write(
      `${JSON.stringify({ time: new Date().toISOString(), daemon: process.pid, ...entry })}\n`,
    );
  }

  close(): void {
    this.#file.close();
  }
}
