/** What stood before the cursor when somebody typed a line: most likely the program's prompt, and seen again. */

/** A shell, a program in it, and the continuation of each. */
const KEPT = 4;

export class LearnedPrompts {
  readonly #prompts = new Set<string>();

  learn(prompt: string): void {
    if (prompt.trim() === '') return;
    const form = formOf(prompt);
    this.#prompts.delete(form);
    this.#prompts.add(form);
    const oldest = this.#prompts.values().next().value;
    if (this.#prompts.size > KEPT && oldest !== undefined) this.#prompts.delete(oldest);
  }

  knows(text: string): boolean {
    return text.trim() !== '' && this.#prompts.has(formOf(text));
  }
}

/** Some prompts count: `In [12]:`. */
export function formOf(prompt: string): string {
  return prompt.trimEnd().replaceAll(/\d+/g, '0');
}
