/** The rules that there are, by id: how many, how long each may be, and how long those that are done are still listed. */
import { ALL_SCOPES, RequestError } from '@pilotty/protocol';
import { nextMoment } from '../moment.ts';
import { type Declaration, newRecord, type RuleRecord } from './rule.ts';
import { closeWatches, newEntry, type RuleEntry } from './rule-entry.ts';

/** A rule takes a kilobyte, and in each session that it watches one as long as it finds nothing, else some ten. */
const MAX_RULES = 1000;
/** Rules that fire no more and are still listed. */
const MAX_DONE_RULES = 100;
/** With its environment, as it is written down. */
const MAX_RULE_BYTES = 32 * 1024;

export class RuleStore {
  readonly #entries = new Map<string, RuleEntry>();
  /** Number of the rule that was made last. */
  #last = 0;

  get last(): number {
    return this.#last;
  }

  get entries(): ReadonlyMap<string, RuleEntry> {
    return this.#entries;
  }

  get records(): RuleRecord[] {
    return [...this.#entries.values()].map(({ record }) => record);
  }

  /** @throws RequestError RULE_NOT_FOUND */
  get(id: string): RuleEntry {
    const entry = this.#entries.get(id);
    if (entry === undefined) throw new RequestError('RULE_NOT_FOUND', `There is no rule '${id}'`);
    return entry;
  }

  /** Of all that were made in a scope where none is named. @throws RequestError RULE_NOT_FOUND */
  list(ids: readonly string[] | undefined, scope: string | undefined): RuleRecord[] {
    if (ids !== undefined) return ids.map((id) => this.get(id).record);
    return this.records.filter((record) => isOfScope(record, scope));
  }

  /** Of what has been removed nothing is known. */
  isOfScope(id: string, scope: string | undefined): boolean {
    const entry = this.#entries.get(id);
    return entry === undefined ? isEvery(scope) : isOfScope(entry.record, scope);
  }

  /** @throws RequestError LIMIT_REACHED */
  requireRoomFor(declaration: Declaration): void {
    const bytes = Buffer.byteLength(JSON.stringify(declaration));
    if (bytes > MAX_RULE_BYTES)
      throw new RequestError(
        'LIMIT_REACHED',
        `The rule takes ${bytes} bytes with its environment, and ${MAX_RULE_BYTES} is the limit`,
        { suggestion: 'Put what it does into a script, and have the rule run that.' },
      );
    const used = this.records.filter(({ state }) => state === 'armed').length;
    if (used >= MAX_RULES)
      throw new RequestError('LIMIT_REACHED', `Rule limit reached (${MAX_RULES})`, {
        suggestion: "Remove some with 'pilotty on --remove ID'; 'pilotty on --list' lists them.",
        details: { used, limit: MAX_RULES },
      });
  }

  make(declaration: Declaration, madeBy: string): RuleEntry {
    this.#last += 1;
    return this.#put(newRecord(`r${this.#last}`, madeBy, nextMoment(), declaration));
  }

  /** Those of an earlier daemon keep their ids, and no other gets one of them. */
  goOnFrom(last: number, records: readonly RuleRecord[]): RuleEntry[] {
    this.#last = Math.max(this.#last, last);
    return records.map((record) => this.#put(record));
  }

  #put(record: RuleRecord): RuleEntry {
    const entry = newEntry(record);
    this.#entries.set(record.rule, entry);
    return entry;
  }

  /** It fires no more; its watches are to be closed. @throws RequestError RULE_NOT_FOUND */
  remove(id: string): RuleEntry {
    const entry = this.get(id);
    this.#entries.delete(id);
    entry.record.state = 'done';
    return entry;
  }

  /** It fires no more. Of those that do not, the oldest are forgotten. */
  retire(entry: RuleEntry, note: string): void {
    entry.record.state = 'done';
    entry.record.note = note;
    closeWatches(entry);
    const done = this.records.filter(({ state }) => state === 'done');
    for (const oldest of done.slice(0, Math.max(0, done.length - MAX_DONE_RULES)))
      this.#entries.delete(oldest.rule);
  }
}

function isOfScope({ declaration }: RuleRecord, scope: string | undefined): boolean {
  return isEvery(scope) || declaration.scope === scope;
}

function isEvery(scope: string | undefined): boolean {
  return scope === undefined || scope === ALL_SCOPES;
}
