import type { Params } from '@pilotty/client';
import { anyCursor, methods } from '@pilotty/protocol/schemas';
import * as z from 'zod';
import { patient } from '../acting.ts';
import { exitText, facts, printed, seconds } from '../answers/answer.ts';
import { inToolWords } from '../answers/tool-words.ts';
import { unreachableHosts } from '../answers/unreachable-hosts.ts';
import { goOn, matchText, stateAnswer } from '../answers/wait-text.ts';
import { checkedBy } from '../checked-by.ts';
import { describedThere } from '../params.ts';
import { tool } from '../tool.ts';

const { sessions, tags, all, resume, idle_ms, state } = methods['sessions.wait'].params.shape;
const { text, regex, exit, prompt, any, timeout_ms } = describedThere;

export const waitMany = tool({
  name: 'wait_many',
  title: methods['sessions.wait'].title,
  description: 'As wait, for the first of many sessions, or all; lists those that are ready.',
  waits: true,
  params: z
    .strictObject({
      sessions: sessions.describe('names, build-*; none: all'),
      tags: tags.describe(''),
      all: all.describe('until all are ready'),
      after: anyCursor.optional().describe('an event_cursor: only what came since'),
      text,
      regex,
      exit,
      prompt,
      idle_ms: idle_ms.describe(''),
      state: state.describe(''),
      any,
      resume: resume.describe(''),
      timeout_ms,
    })
    .superRefine(checkedBy(methods['sessions.wait'].params, ({ after: _, ...asked }) => asked)),
  async run(asked, { request, answerWithinMs }) {
    // The cursor of a fleet, which is a text, is the fleet's to read.
    const wait = patient(asked, answerWithinMs) as Params<'sessions.wait'>;
    const result = await request('sessions.wait', wait);
    const { outcome, ready, waiting, remaining, event_cursor, resume, note } = result;
    const wasCut = outcome === 'deadline' && asked.timeout_ms > answerWithinMs;
    const found = ready.flatMap(({ session, outcome, holds, exit, match, line, work_state }) => [
      ...facts(
        `${session}: ${outcome}${exit ? `, ${exitText(exit)}` : ''}${holds ? '' : ', before the condition was met'}`,
      ),
      ...(work_state ? stateAnswer(work_state) : []),
      ...(match ? printed(`${matchText(match)}${line === undefined ? '' : `: ${line.trim()}`}`) : []),
    ]);
    const open = waiting.map(
      ({ session, idle_ms, last_line }) =>
        `${session}: idle for ${seconds(idle_ms)}, last line ${JSON.stringify(last_line)}`,
    );
    return [
      ...facts(`outcome: ${wasCut ? 'still_waiting' : outcome}, event_cursor ${event_cursor}`),
      ...found,
      ...facts(remaining > 0 ? `not ready: ${remaining}` : undefined),
      ...printed(open.join('\n')),
      ...facts(
        note && inToolWords(wasCut ? note.replace(/^Timed out after/, 'After') : note),
        resume === undefined ? undefined : goOn('wait_many', resume),
        // Of a fleet no wait is kept.
        wasCut && resume === undefined
          ? `the wait has ended, and nothing is missed: wait_many again with after ${JSON.stringify(event_cursor)}`
          : undefined,
        ...unreachableHosts(result),
      ),
    ];
  },
});
