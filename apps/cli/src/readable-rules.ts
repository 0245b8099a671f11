/** Rules for people at a terminal. */
import { plainSentence, type Result } from '@pilotty/client';
import { alignedRows, shortened } from './readable-sessions.ts';

type Rule = Result<'rules.list'>['rules'][number];

export function ruleTable(rules: readonly Rule[]): string {
  if (rules.length === 0) return "no rule; 'pilotty on' makes one\n";
  const rows = rules.map((rule) => [
    rule.rule,
    rule.state,
    rule.every_ms === undefined ? rule.repeat : `every ${rule.every_ms / 1000}s`,
    `${rule.firings}/${rule.failures}/${rule.suppressed}`,
    shortened([...(rule.session_names ?? []), ...(rule.tags ?? []).map((tag) => `tag ${tag}`)].join(' ')),
    shortened(conditionsOf(rule)),
    shortened(actionsOf(rule)),
    plainSentence(rule.state === 'done' ? (rule.note ?? '') : shortened(rule.last_error ?? '')),
  ]);
  const titles = ['RULE', 'STATE', 'REPEAT', 'FIRED/FAILED/SUPPRESSED', 'SESSIONS', 'WHEN', 'DO', 'NOTE'];
  return alignedRows([titles, ...rows]);
}

function conditionsOf({ conditions, all }: Rule): string {
  const words = Object.entries(conditions).map(([name, value]) =>
    value === true ? name : `${name} ${JSON.stringify(value)}`,
  );
  return words.join(all ? ' and ' : ' or ');
}

function actionsOf({ run, sends, post, notify }: Rule): string {
  const actions = [
    run && `run ${run.argv.join(' ')}`,
    sends && 'type',
    post && `post ${post.to}`,
    notify && 'notify',
  ].filter((action) => action !== undefined);
  return actions.length === 0 ? 'event' : actions.join(', ');
}
