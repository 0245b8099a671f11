/** What stood before the cursor when a line was typed: most likely the program's prompt, and seen again. */

import { BoundedMap } from '@pilotty/protocol';
import { formOf } from './prompt-text.ts';

/** A shell, a program in it, and the continuation of each. */
const KEPT = 4;

export class LearnedPrompts {
  #prompts = new BoundedMap<string, true>(KEPT);

  learn(prompt: string): void {
    if (prompt.trim() === '') return;
    this.#prompts.set(formOf(prompt), true);
  }

  get state(): string[] {
    return [...this.#prompts.entries()].map(([prompt]) => prompt);
  }

  adopt(prompts: readonly string[]): void {
    for (const prompt of prompts) this.#prompts.set(prompt, true);
  }

  forget(): void {
    this.#prompts = new BoundedMap(KEPT);
  }

  knows(text: string): boolean {
    return text.trim() !== '' && this.#prompts.has(formOf(text));
  }
}
