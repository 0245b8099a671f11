/**
 * What a session keeps of its program's state: what the program has reported itself, with its hooks, notifications and
 * bells; and what was known last.
 *
 * What was set stands until something that it cannot have known of: input that answers it, a command that begins after it,
 * the end of the program. What it is then is concluded again.
 */
import type { WorkStateName, WorkStateReason } from '@pilotty/protocol';
import type { Signal } from '@pilotty/terminal';
import { msAfter, nextMoment } from '../moment.ts';
import { randomHex } from '../random-hex.ts';

export interface SetState {
  name: WorkStateName;
  text: string | undefined;
  /** The moment. */
  since: number;
}

/** A program that calls for a person. */
export interface Call {
  kind: 'notification' | 'bell';
  text: string | undefined;
  since: number;
}

/** What is concluded from what is known at a time. */
export interface Concluded {
  name: WorkStateName;
  why: WorkStateReason;
  text?: string | undefined;
  /** The moment since which it is so, where that is known. */
  since?: number | undefined;
}

export interface KnownState extends Concluded {
  /** The moment since which it has been so. */
  since: number;
}

export interface WorkRecordState {
  key: string;
  set: SetState | undefined;
  call: Call | undefined;
  known: KnownState | undefined;
}

/** A bell this soon after input answers it: a completion with more than one choice, an Escape too many. */
const FEEDBACK_MS = 500;
const TEXT_LIMIT = 1024;
const KEY_BYTES = 16;

export class WorkRecord {
  /** Last known; undefined where it cannot be known. */
  known: KnownState | undefined;
  /** Who knows it may set the state: the program has it in its environment. */
  #key = randomHex(KEY_BYTES);
  #set: SetState | undefined;
  #call: Call | undefined;
  #inputAt = 0;

  get set(): SetState | undefined {
    return this.#set;
  }

  get call(): Call | undefined {
    return this.#call;
  }

  get key(): string {
    return this.#key;
  }

  get state(): WorkRecordState {
    return { key: this.#key, set: this.#set, call: this.#call, known: this.known };
  }

  adopt({ key, set, call, known }: WorkRecordState): void {
    this.#key = key;
    this.#set = set;
    this.#call = call;
    this.known = known;
  }

  report(name: WorkStateName, text: string | undefined): void {
    this.#set = { name, text: text === undefined ? undefined : shortened(text), since: nextMoment() };
  }

  takeBack(): void {
    this.#set = undefined;
  }

  /** Any input answers a question, and may interrupt work; only a line that is sent off begins new work. */
  inputSent(isSubmitted: boolean): void {
    this.#inputAt = nextMoment();
    this.#call = undefined;
    if (isSubmitted || isUnderWay(this.#set)) this.#set = undefined;
  }

  follow(signal: Signal): void {
    switch (signal.type) {
      case 'notification': {
        const parts = [signal.title, signal.body].filter((part) => part !== undefined && part !== '');
        this.#call = { kind: 'notification', text: shortened(parts.join(': ')), since: nextMoment() };
        break;
      }
      case 'bell': {
        const since = nextMoment();
        // With a notification it says the same in fewer words.
        if (this.#call?.kind !== 'notification' && since > msAfter(this.#inputAt, FEEDBACK_MS))
          this.#call = { kind: 'bell', text: undefined, since };
        break;
      }
      case 'mark':
        if (signal.mark === 'output') this.#set = this.#call = undefined;
        // The command that has set it has ended.
        else if (isUnderWay(this.#set)) this.#set = undefined;
        break;
    }
  }

  /** Another program is started. */
  startOver(): void {
    this.#set = this.#call = undefined;
  }
}

function isUnderWay(set: SetState | undefined): boolean {
  return set?.name === 'asking' || set?.name === 'working';
}

/** A copy of the beginning: V8 keeps the whole of a text as long as a part of it is kept. */
function shortened(text: string): string {
  const shown = text.length <= TEXT_LIMIT ? text : `${text.slice(0, TEXT_LIMIT - 1)}…`;
  return Buffer.from(shown, 'utf16le').toString('utf16le');
}
