/** When a session last did what: how long ago, and as moments that compare with those of other sessions. */
import { msAfter, msSince, nextMoment } from './moment.ts';

/** A look at a session that is younger waits for its first screen: `spawn htop && snapshot` shows htop. */
const YOUTH_MS = 500;

export interface TimesState {
  began: number;
  /** Absent where an older version hands over. */
  listed?: number;
  output: number;
  input: number;
  drawn: number;
  tagged: number;
  ended: number | undefined;
}

export class Times {
  #began = nextMoment();
  #listed = this.#began;
  #output = this.#began;
  #input = this.#began;
  #drawn = this.#began;
  #tagged = this.#began;
  #ended: number | undefined;

  get state(): TimesState {
    const [began, output, input, drawn] = [this.#began, this.#output, this.#input, this.#drawn];
    return { began, listed: this.#listed, output, input, drawn, tagged: this.#tagged, ended: this.#ended };
  }

  adopt({ began, listed = began, output, input, drawn, tagged, ended }: TimesState): void {
    this.#began = began;
    this.#listed = listed;
    this.#output = output;
    this.#input = input;
    this.#drawn = drawn;
    this.#tagged = tagged;
    this.#ended = ended;
  }

  /** It is one of the sessions from now on: a cursor that was given out before knows nothing of it. */
  wasListed(): void {
    this.#listed = nextMoment();
  }

  outputCame(): void {
    this.#output = nextMoment();
  }

  inputSent(): void {
    this.#input = nextMoment();
  }

  wasDrawn(): void {
    this.#drawn = nextMoment();
  }

  wasTagged(): void {
    this.#tagged = nextMoment();
  }

  hasEnded(moment: number | undefined): void {
    this.#ended = moment;
  }

  /** Its program is started again. */
  startsAgain(): void {
    this.#began = nextMoment();
    this.#ended = undefined;
  }

  /** The moment of the last output or input; at the earliest, when it was listed. */
  get activity(): number {
    return Math.max(this.#output, this.#input, this.#listed);
  }

  /** The moment since which it would have been silent, had it always been among those of its tags, as it is now. */
  generation(idleMs: number): number {
    return Math.max(this.activity, msAfter(this.#tagged, -idleMs));
  }

  /** The moment from which it can be known what happened at this one: a program may end before its session is listed. */
  knownAt(moment: number): number {
    return Math.max(moment, this.#listed);
  }

  /** What happened later is news for who has this cursor: all of a session that was not listed then. */
  newsAfter(cursor: number): number {
    return cursor < this.#listed ? 0 : cursor;
  }

  /** The moment its program was started. */
  get began(): number {
    return this.#began;
  }

  /** The moment of the last input. */
  get input(): number {
    return this.#input;
  }

  /** The moment the screen was last drawn on. */
  get drawn(): number {
    return this.#drawn;
  }

  get ended(): number | undefined {
    return this.#ended;
  }

  /** Milliseconds since the last output or input. */
  get idleMs(): number {
    return msSince(this.activity);
  }

  get outputIdleMs(): number {
    return msSince(this.#output);
  }

  get inputIdleMs(): number {
    return msSince(this.#input);
  }

  /** Milliseconds since the screen was last drawn on or input was last sent. */
  get stillMs(): number {
    return msSince(Math.max(this.#drawn, this.#input));
  }

  /** Milliseconds since its program was started. */
  get ageMs(): number {
    return msSince(this.#began);
  }

  /** What is left of the time a program is given to draw its first screen. */
  get startupLeftMs(): number {
    return YOUTH_MS - msSince(this.#began);
  }
}
