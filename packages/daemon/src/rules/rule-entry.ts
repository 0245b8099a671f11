/** A rule that is there, with what is made of it for as long as this daemon has it. */
import { findsRegex } from '../search/finders.ts';
import { type Awaited, NO_CONDITION } from '../waiting/condition.ts';
import { Limiter } from './limiter.ts';
import { conditionsIn, type Declaration, type RuleRecord } from './rule.ts';
import type { SessionWatch } from './session-watch.ts';
import { type Sign, signsOf } from './signs.ts';

/** A program that prints what a rule looks for as fast as it can. */
export const RATE_OF_RULE = { burst: 50, perSecond: 5 };

export interface RuleEntry {
  record: RuleRecord;
  awaited: Awaited;
  /** See Watched. */
  signs: Sign[] | undefined;
  /** By the id of the session. */
  watches: Map<string, SessionWatch>;
  limiter: Limiter;
  /** Its firings are held back, and that was said. */
  isHeldBack: boolean;
  /** By performance.now(). */
  firedAtMs: number;
}

export function newEntry(record: RuleRecord): RuleEntry {
  const awaited = awaitedOf(record.declaration);
  return {
    ...{ record, awaited, signs: signsOf(awaited) },
    watches: new Map(),
    limiter: new Limiter(RATE_OF_RULE, () => performance.now()),
    isHeldBack: false,
    firedAtMs: lastFiredAt(record),
  };
}

/** By performance.now(); a clock that was set back meanwhile does not make it lie ahead. */
function lastFiredAt({ last_fired_at: at }: RuleRecord): number {
  const agoMs = at === undefined ? Number.POSITIVE_INFINITY : Date.now() - Date.parse(at);
  return performance.now() - Math.max(0, agoMs);
}

export function closeWatches({ watches }: RuleEntry): void {
  for (const watch of watches.values()) watch.close();
  watches.clear();
}

/** As a wait has them. */
function awaitedOf(declaration: Declaration): Awaited {
  return { ...NO_CONDITION, ...conditionsIn(declaration), any: !declaration.all };
}

/** @throws RequestError INVALID_INPUT */
export async function requireCompiles(declaration: Declaration): Promise<void> {
  for (const pattern of patternsOf(declaration)) await findsRegex(pattern);
}

/** What their expressions are looked for with is there before they watch. */
export async function loadFor(records: readonly RuleRecord[]): Promise<void> {
  const [pattern] = records.flatMap(({ declaration }) => patternsOf(declaration));
  // One that does not compile says so once it watches.
  if (pattern !== undefined) await findsRegex(pattern).catch(() => {});
}

function patternsOf(declaration: Declaration): string[] {
  const { regex, gone_regex } = awaitedOf(declaration);
  return [regex ?? [], gone_regex ?? []].flat();
}
