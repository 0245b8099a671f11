/** What rules have fired, as their events say it: each of them comes to the ledger once. */
import type { Client, Result } from '../../packages/client/src/index.ts';

export type RuleEvent = Result<'rules.wait'>['rule_events'][number];

const MAX_FAULTS = 20;

export class FiringLedger {
  readonly #client: Client;
  readonly #events = new Map<string, RuleEvent[]>();
  readonly #seen = new Set<string>();
  readonly #faults: string[] = [];
  #announce = () => {};
  #isStopped = false;

  constructor(client: Client) {
    this.#client = client;
  }

  get faults(): string[] {
    return this.#faults.slice(0, MAX_FAULTS);
  }

  get fired(): number {
    return this.#seen.size;
  }

  /** Reads every event from the first on, until stop(). */
  async follow(): Promise<void> {
    let after = 0;
    while (!this.#isStopped) {
      try {
        const answer = await this.#client.request('rules.wait', { after, timeout_ms: 1000 });
        after = answer.event_cursor;
        for (const event of answer.rule_events) this.#add(event);
        this.#announce();
      } catch (error) {
        if (!this.#isStopped) this.#faults.push(`the events of rules cannot be read: ${error}`);
        return;
      }
    }
  }

  stop(): void {
    this.#isStopped = true;
  }

  of(rule: string): readonly RuleEvent[] {
    return this.#events.get(rule) ?? [];
  }

  failuresOf(rule: string): number {
    return this.of(rule).filter(({ type }) => type === 'rule_failed').length;
  }

  check(what: string, isSo: boolean): void {
    if (!isSo) this.#faults.push(what);
  }

  /** Resolves once each of these is there; what is not by the deadline is a fault. */
  async whenFired(wanted: readonly { rule: string; text: string }[], deadlineMs: number): Promise<void> {
    const missing = () => wanted.filter(({ rule, text }) => !this.#seen.has(`${rule} ${text}`));
    let giveUp: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      const look = () => {
        if (missing().length === 0 || this.#faults.length > 0) resolve();
      };
      this.#announce = look;
      giveUp = setTimeout(resolve, deadlineMs);
      look();
    });
    clearTimeout(giveUp);
    for (const { rule, text } of missing()) this.#faults.push(`${rule} has not fired for '${text}'`);
  }

  #add(event: RuleEvent): void {
    const { rule = '', type, match_text: text } = event;
    const known = this.#events.get(rule) ?? [];
    this.#events.set(rule, [...known, event]);
    if (type !== 'rule' || text === undefined || !text.startsWith('got tick')) return;
    const key = `${rule} ${text}`;
    if (this.#seen.has(key)) this.#faults.push(`${rule} has fired twice for '${text}'`);
    this.#seen.add(key);
  }
}
