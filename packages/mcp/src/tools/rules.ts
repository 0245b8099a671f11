/** Rules, and waiting for them: an agent makes one, does other work, and is woken once instead of asking again and again. */
import { resolve } from 'node:path';
import { ruleEnvironment } from '@pilotty/client';
import { methods } from '@pilotty/protocol/schemas';
import * as z from 'zod';
import { type Answer, exitText, facts, printed } from '../answers/answer.ts';
import { checkedBy } from '../checked-by.ts';
import { describedThere } from '../params.ts';
import { type Call, type Tool, tool } from '../tool.ts';

const add = methods['rules.add'].params.shape;
const { text, regex, gone, prompt, password, exit } = describedThere;
const { rules, after } = methods['rules.wait'].params.shape;
const { rules: removed, all: allRemoved } = methods['rules.remove'].params.shape;

type Rule = Awaited<ReturnType<typeof rulesOf>>[number];

const ruleAdd = tool({
  name: 'rule_add',
  title: methods['rules.add'].title,
  description:
    'Have the daemon watch sessions, also those that start later, when you do not wait: it fires when one condition is met, or a session ends without. It emits an event (rule_wait), and does what run, input, post and notify say. What is shown already counts only with repeat once.',
  readOnly: false,
  isDefault: false,
  startsDaemon: true,
  params: z
    .strictObject({
      sessions: add.sessions,
      tags: add.tags,
      text,
      regex,
      gone,
      prompt,
      password,
      exit,
      idle_ms: add.idle_ms,
      all: add.all,
      repeat: add.repeat,
      every_ms: add.every_ms,
      ended: add.ended,
      run: add.run,
      input: add.input,
      post: add.post,
      notify: add.notify,
      cwd: z.string().min(1).optional(),
      env: z.record(z.string(), z.string()).optional().describe('added to PATH, HOME and the like'),
      ephemeral: add.ephemeral,
    })
    .superRefine(checkedBy(methods['rules.add'].params, ({ cwd: _cwd, ...asked }) => asked)),
  async run({ cwd, env, ...asked }, { request, surroundings }) {
    const around = await surroundings();
    const made = await request('rules.add', {
      ...asked,
      cwd: resolve(around.cwd, cwd ?? ''),
      env: { ...ruleEnvironment(around.env), ...env },
    });
    return [
      ...facts(
        `rule ${made.rule}, watches ${made.watching} sessions now; rule_wait with rules ["${made.rule}"] and after ${made.event_cursor} waits for it`,
        made.kept ? undefined : 'it is not on disk, and ends with the daemon',
      ),
    ];
  },
});

const ruleWait = tool({
  name: 'rule_wait',
  title: methods['rules.wait'].title,
  description:
    'Until a rule fires or fails; at once with what happened after a cursor. Pass the event_cursor of the answer as after, and nothing is missed, also after still_waiting.',
  isDefault: false,
  waits: true,
  params: z
    .strictObject({ rules, after, timeout_ms: describedThere.timeout_ms })
    .superRefine(checkedBy(methods['rules.wait'].params, (asked) => asked)),
  async run({ timeout_ms, ...asked }, { request, answerWithinMs }) {
    const allowedMs = Math.min(timeout_ms, answerWithinMs);
    const answer = await request('rules.wait', { ...asked, timeout_ms: allowedMs });
    const isCut = answer.outcome === 'deadline' && timeout_ms > allowedMs;
    const { missed_events: missed } = answer;
    const count = missed === null ? 'events of an earlier daemon' : `${missed} events`;
    const lost = missed === undefined ? undefined : `${count} were dropped before`;
    return [
      ...facts(
        `outcome: ${isCut ? 'still_waiting' : answer.outcome}, event_cursor ${answer.event_cursor}`,
        lost,
      ),
      ...answer.rule_events.flatMap((event) => {
        const { rule, session, fired, met = [], exit, reason, line, match_text } = event;
        const where = session === undefined ? '' : ` in ${session}`;
        if (event.type === 'rule_failed') return facts(`${rule}: ${event.action} failed${where}: ${reason}`);
        const what = [met.join(', '), exit && exitText(exit), reason].filter(Boolean).join(', ');
        return [
          ...facts(`${rule}: ${fired}${where}${what && `: ${what}`}`),
          ...printed(line ?? match_text ?? ''),
        ];
      }),
    ];
  },
});

async function rulesOf(request: Call['request'], ids: string[] | undefined) {
  return (await request('rules.list', { ...(ids && { rules: ids }) })).rules;
}

const ruleList = tool({
  name: 'rule_list',
  title: methods['rules.list'].title,
  description: methods['rules.list'].description,
  isDefault: false,
  params: methods['rules.list'].params,
  async run({ rules: ids }, { request }): Promise<Answer> {
    const found = await rulesOf(request, ids);
    return found.length === 0 ? facts('there is no rule') : facts(...found.map(described));
  },
});

function described(rule: Rule): string {
  const {
    rule: id,
    state,
    note,
    session_names: sessions = [],
    tags = [],
    conditions,
    repeat,
    last_error: error,
  } = rule;
  const where = [...sessions, ...tags.map((tag) => `tag ${tag}`)].join(' ');
  const counts = `fired ${rule.firings}, failed ${rule.failures}, suppressed ${rule.suppressed}`;
  const more = [note && `, ${note}`, error && `, last error: ${error}`].filter(Boolean).join('');
  return `${id}: ${state}, ${repeat}, ${where}, on ${JSON.stringify(conditions)}; ${counts}${more}`;
}

const ruleRemove = tool({
  name: 'rule_remove',
  title: methods['rules.remove'].title,
  description: methods['rules.remove'].description,
  readOnly: false,
  isDefault: false,
  openWorld: false,
  params: z
    .strictObject({ rules: removed, all: allRemoved })
    .superRefine(checkedBy(methods['rules.remove'].params, (asked) => asked)),
  async run(asked, { request }) {
    const { removed: ids } = await request('rules.remove', asked);
    return facts(ids.length === 0 ? 'there was no rule' : `removed: ${ids.join(' ')}`);
  },
});

export const ruleTools: readonly Tool[] = [ruleAdd, ruleWait, ruleList, ruleRemove];
