/** A recording in memory, ready to be played: what is drawn, where its markers are, how long it takes. */
import { type CastEvent, type CastHeader, CastReader, Timeline } from '@pilotty/asciicast';

/** What is played is in memory, for jumps: of a tab, which a browser ends when it takes too much. */
const MAX_CHARACTERS = 128 * 1024 * 1024;

export interface Marker {
  /** Of its event: what has the same time and stands behind it is not on its screen. */
  index: number;
  label: string;
}

export interface Film {
  header: CastHeader;
  events: readonly CastEvent[];
  markers: readonly Marker[];
  /** Of the program, where its end was recorded. */
  exitStatus: string | undefined;
}

/** Takes the text of a recording in pieces, cut anywhere. */
export class FilmReader {
  readonly #reader = new CastReader();
  readonly #events: CastEvent[] = [];
  #characters = 0;
  /** Of a line that has no end yet: joined once, however many they are. */
  #rest: string[] = [];

  /** @throws Error of what is no recording, or too long */
  read(text: string): void {
    this.#characters += text.length;
    if (this.#characters > MAX_CHARACTERS)
      throw new Error("It is too long to be played in a browser: 'pilotty replay' plays it in a terminal.");
    if (!text.includes('\n')) {
      this.#rest.push(text);
      return;
    }
    const lines = (this.#rest.join('') + text).split('\n');
    this.#rest = [lines.pop() ?? ''];
    for (const line of lines) this.#add(this.#reader.read(line));
  }

  /** @throws Error as read() */
  end(): Film {
    this.#add(this.#reader.end(this.#rest.join('')));
    const { header } = this.#reader;
    if (header === undefined) throw new Error('It is empty.');
    const events = this.#events;
    const markers = events.flatMap(({ code, data }, index) => (code === 'm' ? [{ index, label: data }] : []));
    return { header, events, markers, exitStatus: events.findLast(({ code }) => code === 'x')?.data };
  }

  /** What was typed is not drawn. */
  #add(events: readonly CastEvent[]): void {
    this.#events.push(...events.filter(({ code }) => code !== 'i'));
  }
}

/** When each event is played. */
export function timesOf({ events }: Film, idleLimitMs: number | undefined): readonly number[] {
  const timeline = new Timeline({ idleLimitMs });
  return events.map(({ timeMs }) => timeline.at(timeMs));
}

/** How many of the sorted times are at that moment or before it. */
export function countUntil(times: readonly number[], ms: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] as number) <= ms) low = middle + 1;
    else high = middle;
  }
  return low;
}
