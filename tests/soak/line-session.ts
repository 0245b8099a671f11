/**
 * A session whose program writes every line it reads into a file: the other side of what clients type. What an answer
 * has acknowledged has been read once; what was asked and not answered, at most once; and nothing else was read.
 */
import { existsSync, readFileSync } from 'node:fs';
import type { Ledger } from './ledger.ts';

export class LineSession {
  readonly name: string;
  readonly #file: string;
  readonly #asked = new Map<string, boolean>();

  constructor(name: string, file: string) {
    this.name = name;
    this.#file = file;
  }

  get argv(): string[] {
    const script = 'while read -r line; do printf "%s\\n" "$line" >>"$0"; echo "got:$line"; done';
    return ['/bin/sh', '-c', script, this.#file];
  }

  asked(text: string): void {
    this.#asked.set(text, false);
  }

  acknowledged(text: string): void {
    this.#asked.set(text, true);
  }

  check(ledger: Ledger): void {
    const read = existsSync(this.#file) ? readFileSync(this.#file, 'utf8').split('\n').slice(0, -1) : [];
    const times = new Map<string, number>();
    for (const line of read) times.set(line, (times.get(line) ?? 0) + 1);
    for (const [line, count] of times) {
      if (!this.#asked.has(line)) ledger.fault(`${this.name} read '${line}', which nobody has typed`);
      else if (count > 1) ledger.fault(`${this.name} read '${line}' ${count} times`);
    }
    for (const [line, isAcknowledged] of this.#asked)
      if (isAcknowledged && !times.has(line))
        ledger.fault(`${this.name} never read '${line}', which was acknowledged`);
  }
}
