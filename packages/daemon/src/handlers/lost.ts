/** Sessions of earlier daemons: listed, started again, forgotten. */
import { commandLine, type ParsedParams, RequestError, type Result } from '@pilotty/protocol';
import { Transcript } from '@pilotty/terminal';
import { isLeftInside } from '../kept/left-inside.ts';
import type { LostSession } from '../kept/session-record.ts';
import { isIn } from '../session/selection.ts';
import { asName } from '../session/session-name.ts';
import type { Handlers } from './handler.ts';
import type { Services } from './services.ts';

/** The last ones, where lines are asked for. */
const SHOWN_LINES = 200;

type Restored = Result<'sessions.restore'>['results'][number];

export const lostHandlers: Handlers<'sessions.lost' | 'sessions.restore'> = {
  'sessions.lost': async (services, { sessions, output, scope }) => {
    await services.kept.requireLoaded();
    const lost = sessions ? sessions.map((name) => find(services, name)) : lostIn(services, scope);
    return {
      type: 'lost_sessions',
      sessions: await Promise.all(lost.map((one) => described(services, one, output))),
    };
  },

  'sessions.restore': async (services, params) => {
    await services.kept.requireLoaded();
    const names = params.all ? lostIn(services, params.scope).map(({ id }) => id) : (params.sessions ?? []);
    const results: Restored[] = [];
    // In their order: the names and the session used last are then as they were.
    for (const name of names) results.push(await outcomeOf(services, name, params));
    return { type: 'sessions_restored', results, message: messageOf(results, params.forget) };
  },
};

async function outcomeOf(
  services: Services,
  name: string,
  params: ParsedParams<'sessions.restore'>,
): Promise<Restored> {
  let known: Restored = { session: name, ok: false };
  try {
    const lost = find(services, name);
    known = { session: lost.name, session_id: lost.id, ok: true };
    if (!params.forget) return await restored(services, lost, params);
    services.kept.take(lost).drop();
    return known;
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    return { ...known, ok: false, error: error.toBody() };
  }
}

async function restored(
  services: Services,
  lost: LostSession,
  { env, umask, nice, limits }: ParsedParams<'sessions.restore'>,
): Promise<Restored> {
  if (services.kept.isRunning(lost) || (await isLeftInside(lost, env))) throw stillRuns(lost);
  // So that of two who want it one gets it.
  const taken = services.kept.take(lost);
  try {
    const { name, argv, cwd, tags, size, term, background } = lost;
    const { scrollback, shell_integration, askpass = false, retain_bytes, ttl_ms, idle_ttl_ms } = lost;
    const { restart_policy, project } = lost;
    const { session } = await services.spawn(
      {
        ...{ name, argv, cwd, tags, size, term, background, env, umask, nice, limits },
        ...{ scrollback, shell_integration, askpass, retain_bytes, ttl_ms, idle_ttl_ms },
        ...{ restart_policy, project },
        ...{ keep_input: false, ephemeral: false, pipe: false },
        ...(lost.in && { in: { ...lost.in, env: {} } }),
      },
      await services.kept.outputOf(lost),
    );
    taken.drop();
    return { ...session.reference, ok: true, pid: session.pid };
  } catch (error) {
    taken.giveBack();
    throw error;
  }
}

function lostIn({ kept }: Services, scope: string | undefined): LostSession[] {
  return kept.lost.filter(({ name }) => isIn(scope, name));
}

/** The newest of that name. @throws RequestError SESSION_NOT_FOUND */
function find({ kept: { lost } }: Services, word: string): LostSession {
  const name = asName(word);
  const found = lost.find(({ id }) => id === word) ?? lost.findLast((one) => one.name === name);
  if (found) return found;
  throw new RequestError('SESSION_NOT_FOUND', `No session '${name}' was lost`, {
    suggestion: "'pilotty restore' lists those that can be started again.",
    details: { names: lost.map((one) => one.name) },
  });
}

function stillRuns({ name, id, pid, in: inside, process_inside: process }: LostSession): RequestError {
  const details = { session: name, session_id: id, pid };
  if (inside && process) {
    return new RequestError(
      'UNAVAILABLE',
      `The program of session '${name}' still runs in ${inside.place} without its terminal, as process ${process.pid} there`,
      { suggestion: `End it in there first, or 'pilotty restore --forget ${name}'.`, details },
    );
  }
  return new RequestError(
    'UNAVAILABLE',
    `The program of session '${name}' still runs without its terminal, as process ${pid}`,
    { suggestion: `End it first: kill ${pid}`, details },
  );
}

async function described(
  { kept }: Services,
  lost: LostSession,
  withOutput: boolean,
): Promise<Result<'sessions.lost'>['sessions'][number]> {
  const { id, name, argv, cwd, tags, size, created_at, lost_at, because, pid } = lost;
  return {
    ...{ id, name, command: commandLine(argv as [string, ...string[]]), argv, cwd, tags, size },
    ...{ created_at, lost_at, because, pid },
    ...(lost.in && { in: lost.in.place }),
    ...((kept.isRunning(lost) || (await isLeftInside(lost))) && {
      still_runs: true as const,
    }),
    ...(withOutput && { output: linesOf(await kept.outputOf(lost), size) }),
  };
}

function linesOf(bytes: Uint8Array, size: LostSession['size']): string {
  const transcript = new Transcript(size);
  const text = transcript.write(bytes) + transcript.end();
  return text.trimEnd().split('\n').slice(-SHOWN_LINES).join('\n');
}

function messageOf(results: readonly Restored[], isForgotten: boolean): string {
  const done = results.filter(({ ok }) => ok).map(({ session }) => `'${session}'`);
  if (done.length === 0) return results.length === 0 ? 'No session was lost' : 'Nothing was restored';
  return `${isForgotten ? 'Forgot' : 'Restored'} ${done.join(', ')}`;
}
