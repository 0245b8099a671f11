/**
 * What of a session's output could not be drawn: counted, and for the daemon's log. One sequence costs no more than itself;
 * after a fault of the screen as a whole, the session draws its screen anew.
 */
import type { Fault } from '@pilotty/terminal';
import type { Log } from '../log.ts';

/** A program that met one fault meets it again with every frame: each kind is logged once, and no more than these. */
const MAX_KINDS = 20;
/** A screen that fails again and again stays as it is: to draw it anew takes as long as all its output. */
const MAX_REDRAWINGS = 10;

export class DrawingFaults {
  readonly #met: (fault: Fault) => void;
  #count = 0;
  #last: string | undefined;
  #redrawings = 0;
  #isBroken = false;

  constructor(met: (fault: Fault) => void) {
    this.#met = met;
  }

  note(fault: Fault): void {
    this.#count += 1;
    this.#last = fault.sequence;
    if (fault.isOfScreen) this.#isBroken = true;
    this.#met(fault);
  }

  get state(): { count: number; last: string | undefined; redrawings: number } {
    return { count: this.#count, last: this.#last, redrawings: this.#redrawings };
  }

  adopt({ count, last, redrawings }: DrawingFaults['state']): void {
    this.#count = count;
    this.#last = last;
    this.#redrawings = redrawings;
  }

  /** Undefined where there were none. */
  get facts(): { count: number; sequence: string; screens_redrawn: number } | undefined {
    if (this.#last === undefined) return undefined;
    return { count: this.#count, sequence: this.#last, screens_redrawn: this.#redrawings };
  }

  /** Calls `redraw` where the screen cannot be relied on. What fails in that is noted, and changes nothing more. */
  mend(redraw: () => void): void {
    if (!this.#isBroken) return;
    if (this.#redrawings < MAX_REDRAWINGS) {
      this.#redrawings += 1;
      redraw();
    }
    this.#isBroken = false;
  }
}

/** @returns what a session's screen reports to */
export function logFaults(log: Log, session: { id: string; name: string }): (fault: Fault) => void {
  const known = new Set<string>();
  return ({ sequence, error, isOfScreen }) => {
    if (known.has(sequence) || known.size >= MAX_KINDS) return;
    known.add(sequence);
    log.error(
      { session: session.name, session_id: session.id, sequence, err: error },
      isOfScreen
        ? 'the screen failed; it was drawn anew from the output that is retained'
        : 'a sequence of the program was not drawn; the rest of its output was',
    );
  };
}
