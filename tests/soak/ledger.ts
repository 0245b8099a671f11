/**
 * What all clients of a run have asked, and what came of it. Whatever must not be is a fault: an answer too many, one
 * to nothing that was asked, one that belongs to another request, a request that was never answered.
 */
import type { RequestError } from '../../packages/client/src/index.ts';

/** The first ones say what is wrong; a thousand like them say no more. */
const MAX_FAULTS = 50;

export class Ledger {
  asked = 0;
  answered = 0;
  /** Their connection was cut on purpose before the answer, or they were cancelled. */
  cut = 0;
  /** Refused, by code. */
  readonly refused: Record<string, number> = {};
  readonly acts: Record<string, number> = {};
  readonly faults: string[] = [];
  faultCount = 0;

  fault(what: string): void {
    this.faultCount += 1;
    if (this.faults.length < MAX_FAULTS) this.faults.push(what);
  }

  refusal({ code }: RequestError): void {
    this.refused[code] = (this.refused[code] ?? 0) + 1;
  }

  done(act: string): void {
    this.acts[act] = (this.acts[act] ?? 0) + 1;
  }

  /** Every request has been answered, or its connection was cut. */
  checkComplete(): void {
    const open = this.asked - this.answered - this.cut;
    if (open !== 0) this.fault(`${open} requests were never answered`);
  }
}
