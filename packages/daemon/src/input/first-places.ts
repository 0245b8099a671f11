/**
 * Where in its program each process of a session waited when a line was first begun there, and what stood before
 * the cursor then: a shell or REPL waits for the answer to a question, and mostly for the rest of a command, in
 * another place than at its prompt, though both may look the same.
 */
import { BoundedMap } from '@pilotty/protocol';
import type { Screen } from '@pilotty/terminal';
import { findProcess, isReadingInput } from '../processes/process-table.ts';
import { placeOfWait, type WaitingPlace } from '../processes/reads-terminal.ts';

export interface FirstPlace extends WaitingPlace {
  line: string;
}

/** Shells in shells, and the REPLs in them. */
const KEPT_PLACES = 16;
/** Processes that lines were begun in. Of one that is dropped a later line would be taken for its first. */
const KEPT_PROCESSES = 1024;
/** Lines closer together are typed ahead, or a flood: to look at each would cost more than to send it. */
const TYPED_AHEAD_MS = 20;

export interface FirstPlacesState {
  places: FirstPlace[];
  processes: number[];
  hasMissedLine: boolean;
}

export class FirstPlaces {
  readonly #places = new BoundedMap<string, FirstPlace>(KEPT_PLACES);
  readonly #processes = new BoundedMap<number, true>(KEPT_PROCESSES);
  #lastLineAt = Number.NEGATIVE_INFINITY;
  /** A line was typed ahead, perhaps the first one of a process that was not seen yet. */
  #hasMissedLine = false;

  get state(): FirstPlacesState {
    const processes = [...this.#processes.entries()].map(([pid]) => pid);
    return { places: [...this.#places.values()], processes, hasMissedLine: this.#hasMissedLine };
  }

  adopt({ places, processes, hasMissedLine }: FirstPlacesState): void {
    for (const place of places) this.#places.set(place.program, place);
    for (const pid of processes) this.#processes.set(pid, true);
    this.#hasMissedLine = hasMissedLine;
  }

  /**
   * A line is about to be begun. A process is looked at once, at its first line: where that was typed ahead, or it does
   * not wait for input then, its place stays unknown.
   * @param leader of the session
   */
  lineBegins(leader: number, screen: Pick<Screen, 'lineBeforeCursor'>): void {
    const now = performance.now();
    const isTypedAhead = now - this.#lastLineAt < TYPED_AHEAD_MS;
    this.#lastLineAt = now;
    if (isTypedAhead) {
      this.#hasMissedLine = true;
      return;
    }
    const hasMissedLine = this.#hasMissedLine;
    this.#hasMissedLine = false;
    const pid = findProcess(leader)?.foregroundGroup ?? -1;
    if (pid <= 0 || this.#processes.has(pid)) return;
    this.#processes.set(pid, true);
    const place = !hasMissedLine && isReadingInput(pid) ? placeOfWait(pid) : undefined;
    if (place !== undefined) this.#places.set(place.program, { ...place, line: screen.lineBeforeCursor });
  }

  find(program: string): FirstPlace | undefined {
    return this.#places.get(program);
  }
}
