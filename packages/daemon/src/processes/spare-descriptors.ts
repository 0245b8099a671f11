/**
 * Descriptors that are open for nothing, to be closed where this process, or the whole machine, can open no other. A
 * listening socket that has none cannot take a connection: libuv closes what comes, or tries again without an end, and tells
 * nobody. With those that were closed, clients can connect that end sessions.
 */
import fs from 'node:fs';
import { SPARE_DESCRIPTORS } from '../limits.ts';
import { hasFreeDescriptors } from './free-descriptors.ts';

const LOOK_EVERY_MS = 2_000;

export interface Shortage {
  began(): void;
  ended(): void;
}

export class SpareDescriptors {
  readonly #timer = setInterval(() => this.#look(), LOOK_EVERY_MS).unref();
  readonly #shortage: Shortage;
  #spare: number[] = openAll();
  #isShort = false;

  constructor(shortage: Shortage) {
    this.#shortage = shortage;
  }

  #look(): void {
    if (this.#isShort) this.#fillUp();
    else if (!hasFreeDescriptors(1)) {
      this.#isShort = true;
      this.#closeAll();
      this.#shortage.began();
    }
  }

  /** Once one is left besides. */
  #fillUp(): void {
    if (!hasFreeDescriptors(SPARE_DESCRIPTORS + 1)) return;
    this.#spare = openAll();
    this.#isShort = false;
    this.#shortage.ended();
  }

  #closeAll(): void {
    for (const descriptor of this.#spare) fs.closeSync(descriptor);
    this.#spare = [];
  }

  close(): void {
    clearInterval(this.#timer);
    this.#closeAll();
  }
}

/** A daemon that is started without one left has other troubles first: its client is told of those. */
function openAll(): number[] {
  if (!hasFreeDescriptors(SPARE_DESCRIPTORS)) return [];
  return Array.from({ length: SPARE_DESCRIPTORS }, () => fs.openSync('/dev/null', 'r'));
}
