/** Standing rules, and waiting for them to fire. */
import { Deadline } from '../call.ts';
import type { IsWanted } from '../events/event-log.ts';
import { nextMoment } from '../moment.ts';
import type { Handlers } from './handler.ts';

/** Events of one answer: who asks again goes on behind them. */
const MAX_ANSWERED = 100;

export const ruleHandlers: Handlers<
  'rules.add' | 'rules.list' | 'rules.remove' | 'rules.test' | 'rules.wait'
> = {
  'rules.add': async ({ rules }, params, call) => {
    const { made, ...rule } = await rules.add(params, call.client.label);
    return { type: 'rule', ...rule, event_cursor: made };
  },
  'rules.list': async ({ rules }, params) => ({
    type: 'rules',
    rules: await rules.list(params.rules, params.scope),
    event_cursor: nextMoment(),
  }),
  'rules.remove': async ({ rules }, params) => ({
    type: 'rules_removed',
    removed: await rules.remove(params.rules, params.scope),
  }),
  'rules.test': async ({ rules }, { rule, session }) => ({
    type: 'rule_tested',
    rule,
    actions: (await rules.test(rule, session)).map(({ durationMs, ...done }) => ({
      ...done,
      duration_ms: durationMs,
    })),
  }),
  'rules.wait': async ({ rules, events }, params, call) => {
    if (params.rules !== undefined || params.scope !== undefined) await rules.list(params.rules);
    const deadline = new Deadline(call, params.timeout_ms);
    const isMeant = isOfRules(params.rules);
    const isOfScope = (rule = '') =>
      params.rules !== undefined || params.scope === undefined || rules.isOfScope(rule, params.scope);
    const reader = events.read(params.after ?? 0, (entry) => isMeant(entry) && isOfScope(ruleIn(entry)));
    call.continuation = () => ({
      method: 'rules.wait',
      params: { ...params, timeout_ms: Math.max(0, Math.round(params.timeout_ms - deadline.elapsedMs)) },
    });
    try {
      const found: NonNullable<ReturnType<typeof reader.take>>[] = [];
      let missed: number | null = 0;
      for (;;) {
        const event = reader.take();
        if (event?.type === 'missed') missed = sumOf(missed, event.count ?? null);
        else if (event !== undefined) found.push(event);
        else if (found.length > 0 || events.isClosed || deadline.isOver) break;
        else await reader.more(deadline.signal);
        if (found.length === MAX_ANSWERED) break;
      }
      return {
        type: 'rules_wait_result',
        outcome: found.length > 0 ? 'matched' : 'deadline',
        rule_events: found,
        event_cursor: reader.cursor,
        ...(missed !== 0 && { missed_events: missed }),
        duration_ms: Math.round(deadline.elapsedMs),
      };
    } finally {
      reader.close();
      deadline.close();
    }
  },
};

/** Null where one of them is not known. */
function sumOf(missed: number | null, more: number | null): number | null {
  return missed === null || more === null ? null : missed + more;
}

/** Of a rule, and of these where some are named. */
export function isOfRules(rules: readonly string[] | undefined): IsWanted {
  return ({ type, facts }) => {
    if (type !== 'rule' && type !== 'rule_failed') return false;
    return rules === undefined || (typeof facts === 'object' && rules.includes(facts.rule ?? ''));
  };
}

function ruleIn({ facts }: Parameters<IsWanted>[0]): string | undefined {
  return typeof facts === 'object' ? facts.rule : undefined;
}
