import { RequestError } from '@pilotty/client';
import {
  command,
  flag,
  nonEmpty,
  oneOf,
  optional,
  sessionOf,
  sessionOption,
  text,
  value,
} from '../command.ts';
import { printJson } from '../output.ts';
import { UsageError } from '../usage-error.ts';
import { workState } from '../wait-options.ts';

/** More of a text is not kept. */
const MAX_TEXT = 4096;

export const declaration = command({
  name: 'state',
  summary: 'show what the program of a session is doing; in a session, say so',
  description: `Without STATE it shows what is known. With one, a program that runs in a session, or a hook of it, sets the state of that
session. That stands until something else is known: asking and working end with the next input, the others with the
next line that is sent off, and all with a new command or the end of the program. More: docs/work-states.md`,
  arguments: {
    state: optional('working, asking, done, failed or idle', workState),
    text: optional('what it asks or reports', text),
  },
  options: {
    session: sessionOption,
    clear: flag('take back what was set'),
    key: value('KEY', nonEmpty, 'TEXT, or stdin without it, is JSON; take the member KEY of it'),
    hook: flag('for hooks: print nothing, and outside of a session do nothing'),
    hooks: value('AGENT', oneOf('claude', 'codex'), 'print the settings that have an agent do it'),
  },
  examples: [
    ['pilotty state -s agent', 'what it is doing, and why that is known'],
    ["pilotty state asking 'Delete 3 files?'", 'in a script that runs in a session, before it asks'],
    ['pilotty state --hooks claude', 'settings for Claude Code'],
    ['pilotty wait --tag agent --state asking --state failed', 'until one of many needs a person'],
  ],
  startsDaemon: false,
  answer: { only: 'type session session_id work_state{name began_at why text} message agent text' },
  async run({ state, text: given, clear, key, hook, hooks, session, json }, io, client) {
    if (hooks !== undefined) {
      const { agentHooks } = await import('../agent-hooks.ts');
      const settings = agentHooks[hooks];
      if (json) await printJson(io.stdout, { type: 'hooks', agent: hooks, text: settings });
      else await io.stdout.write(settings);
      return 0;
    }
    if (state === undefined && !clear) {
      if (hook || key !== undefined) throw new UsageError('STATE is missing', 'Such as: pilotty state done');
      const status = await client.request(
        'session.status',
        { session: sessionOf({ session }, io) },
        { signal: io.signal },
      );
      const { name, id, work_state } = status;
      await printJson(io.stdout, {
        type: 'state',
        session: name,
        session_id: id,
        work_state: work_state ?? null,
      });
      return 0;
    }
    if (state !== undefined && clear)
      throw new UsageError('STATE and --clear exclude each other', 'Give one.');
    if (session !== undefined)
      throw new UsageError(
        '-s is for showing a state',
        'A program sets the state of the session it runs in, and of no other.',
      );
    const stateKey = io.env.PILOTTY_STATE_KEY;
    if (!stateKey) {
      if (hook) return 0;
      throw new RequestError('UNAVAILABLE', 'This program runs in no session, so there is no state to set', {
        suggestion: "Run it in a session: 'pilotty spawn PROGRAM'. In a hook, --hook does nothing then.",
      });
    }
    const said = key === undefined ? given : await memberOf(key, given, io);
    const params = clear
      ? { key: stateKey, clear }
      : { key: stateKey, state, text: said?.slice(0, MAX_TEXT) };
    const answer = await client.request('sessions.report', params, { signal: io.signal });
    if (!hook) await printJson(io.stdout, answer);
    return 0;
  },
});

/** Of the JSON that agents hand their hooks, as an argument or on stdin; undefined where it has no such text. */
async function memberOf(
  key: string,
  given: string | undefined,
  io: Parameters<ReturnType<typeof command>['run']>[1],
): Promise<string | undefined> {
  const { readStdin } = await import('../read-input.ts');
  const json = given ?? (await readStdin('TEXT', undefined, undefined, io)).toString();
  let read: unknown;
  try {
    read = JSON.parse(json);
  } catch {
    throw new UsageError('TEXT is no JSON', 'Leave --key out to give the text itself.');
  }
  const member =
    typeof read === 'object' && read !== null ? (read as Record<string, unknown>)[key] : undefined;
  return typeof member === 'string' && member !== '' ? member : undefined;
}
