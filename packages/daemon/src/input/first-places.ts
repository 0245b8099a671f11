/**
 * Where in its program each process of a session waited when a line was first begun there, and what stood before
 * the cursor then: a shell or REPL waits for the answer to a question, and mostly for the rest of a command, in
 * another place than at its prompt, though both may look the same.
 */
import { BoundedMap } from '@pilotty/protocol';
import { findProcess, isReadingInput } from '../processes/process-table.ts';
import { placeOfWait, type WaitingPlace } from '../processes/reads-terminal.ts';

export interface FirstPlace extends WaitingPlace {
  line: string;
}

/** Shells in shells, and the REPLs in them. */
const KEPT = 16;

export class FirstPlaces {
  readonly #places = new BoundedMap<string, FirstPlace>(KEPT);

  /** A line is about to be begun. @param leader of the session */
  lineBegins(leader: number, line: string): void {
    const pid = findProcess(leader)?.foregroundGroup ?? -1;
    if (pid <= 0 || !isReadingInput(pid)) return;
    const place = placeOfWait(pid);
    if (place === undefined || this.#places.has(place.program)) return;
    this.#places.set(place.program, { ...place, line });
  }

  find(program: string): FirstPlace | undefined {
    return this.#places.get(program);
  }
}
