import { ConnectionError, type Result } from '@pilotty/client';
import { methods } from '@pilotty/protocol/schemas';
import * as z from 'zod';
import { type Answer, exitText, facts, printed, seconds } from '../answers/answer.ts';
import { unreachableHosts } from '../answers/unreachable-hosts.ts';
import { MAX_LISTED_SESSIONS } from '../limits.ts';
import { type Call, tool } from '../tool.ts';

const { sessions, tags, all } = methods['session.list'].params.shape;
const { lines } = methods['sessions.gather'].params.shape;

type Summary = Result<'session.list'>['sessions'][number];

export const list = tool({
  name: 'list',
  title: methods['session.list'].title,
  description: 'The sessions: state, what runs, and the last lines of each where asked for.',
  params: z.strictObject({
    sessions: sessions.describe('names or patterns: build-*'),
    tags: tags.describe(''),
    all: all.describe('ended ones too'),
    lines: lines.unwrap().default(0).describe('so many last lines of each'),
  }),
  async run({ lines, ...which }, { request }) {
    let found: Result<'session.list'>;
    try {
      found = await request('session.list', which);
    } catch (error) {
      if (!(error instanceof ConnectionError) || !error.isAbsent) throw error;
      return facts('no sessions: none has been started');
    }
    if (found.sessions.length === 0)
      return facts(`no sessions, event_cursor ${found.event_cursor}`, ...unreachableHosts(found));
    const shown = found.sessions.slice(-MAX_LISTED_SESSIONS);
    const more = found.sessions.length - shown.length;
    const last = lines > 0 ? await lastLines(which, lines, request) : undefined;
    return [
      ...facts(
        `event_cursor ${found.event_cursor}`,
        more > 0 ? `${more} older sessions are not listed: choose by sessions or tags` : undefined,
        ...unreachableHosts(found),
      ),
      ...shown.flatMap(
        (summary): Answer => [
          ...facts(lineOf(summary)),
          ...(summary.exit === undefined && summary.work_state?.text ? printed(summary.work_state.text) : []),
          ...printed((last?.get(summary.id) ?? []).join('\n')),
        ],
      ),
    ];
  },
});

function lineOf(session: Summary): string {
  const { name, state, work_state, idle_ms, exit, tags, cwd, command, size, questions } = session;
  const asks = questions?.map(({ prompt }) => `, asks a person: ${JSON.stringify(prompt)}`).join('') ?? '';
  const how = exit ? exitText(exit) : `${work_state?.name ?? state}, idle for ${seconds(idle_ms)}${asks}`;
  const tagged = tags.length === 0 ? '' : `, tags ${tags.join(' ')}`;
  return `${name}: ${how}, ${size.cols}x${size.rows}${tagged}, in ${cwd}: ${command}`;
}

async function lastLines(
  which: { sessions?: string[] | undefined; tags?: string[] | undefined; all: boolean },
  lines: number,
  request: Call['request'],
): Promise<Map<string, string[]>> {
  // Not by the names that were listed: one that has been evicted since would fail them all.
  const { results } = await request('sessions.gather', { ...which, lines });
  return new Map(results.map(({ session_id, lines }) => [session_id, lines]));
}
