/** An answer of many hosts, as the one object of JSON that it is, whose list is written as it comes and not held. */
import { safeJson } from '@pilotty/client';
import type { Output } from './io.ts';
import { printJson } from './output.ts';

/** As JSON is indented on a terminal. */
const INDENT = 2;

export class JsonInParts {
  readonly #stdout: Output;
  readonly #list: string;
  readonly #indent: number | undefined;
  #count = 0;
  #hasBegun = false;

  /** @param list the member that comes in parts */
  constructor(stdout: Output, list: string) {
    this.#stdout = stdout;
    this.#list = list;
    this.#indent = stdout.isTty ? INDENT : undefined;
  }

  /** @param part with its type, and what is to be added to the list */
  async add(part: object): Promise<void> {
    const { [this.#list]: elements, ...head } = part as Record<string, unknown>;
    let text = this.#hasBegun ? '' : `{${this.#members(head)},${this.#line(1)}${this.#name(this.#list)}[`;
    this.#hasBegun = true;
    for (const element of elements as unknown[])
      text += `${this.#count++ === 0 ? '' : ','}${this.#line(2)}${this.#json(element, 2)}`;
    await this.#stdout.write(text);
  }

  /** @param answer the rest of it; all of it where no part has come */
  async end(answer: object): Promise<void> {
    if (!this.#hasBegun) return await printJson(this.#stdout, answer);
    const { type: _, [this.#list]: __, ...rest } = answer as Record<string, unknown>;
    const closing = `${this.#count === 0 ? '' : this.#line(1)}]`;
    const more = Object.keys(rest).length === 0 ? '' : `,${this.#members(rest)}`;
    await this.#stdout.write(`${closing}${more}${this.#line(0)}}\n`);
  }

  #members(object: Record<string, unknown>): string {
    return Object.entries(object)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `${this.#line(1)}${this.#name(name)}${this.#json(value, 1)}`)
      .join(',');
  }

  #name(name: string): string {
    return `${safeJson(name)}:${this.#indent === undefined ? '' : ' '}`;
  }

  #json(value: unknown, depth: number): string {
    const text = safeJson(value, this.#indent);
    return this.#indent === undefined ? text : text.replaceAll('\n', this.#line(depth));
  }

  #line(depth: number): string {
    return this.#indent === undefined ? '' : `\n${' '.repeat(depth * this.#indent)}`;
  }
}
