/** `up`, `down` and `ps` as the command has them, for who asks with the SDK. */
import { type Client, callerEnvironment, type Params, RequestError } from '@pilotty/client';
import {
  askingForRegexes,
  down,
  endOrphans,
  findProjectFile,
  type Project,
  planUp,
  readProject,
  readProjectFile,
  requireKnown,
  STOP_GRACE_MS,
  type Summary,
  stateOfProject,
  type TailGap,
  tail,
  up,
} from '@pilotty/project';
import { asPilottyError, errorOf } from './errors.ts';
import type { Conversations } from './link.ts';
import type { ProjectParams, Projects, TailLine, UpAnswer } from './projects.ts';

export interface Ground {
  converse: Conversations['converse'];
  /** Of the names of sessions; undefined: none. */
  scope: string | undefined;
  /** What programs have of this process. */
  inheritance(): Promise<Pick<Params<'session.spawn'>, 'umask' | 'nice' | 'limits'>>;
}

interface Opened {
  client: Client;
  project: Project;
  /** Of one scope, or of none; also those that have ended. */
  sessions: readonly Summary[];
  signal: AbortSignal;
}

export function projectsOn({ converse, scope, inheritance }: Ground): Projects {
  const ofScope = async (client: Client, signal: AbortSignal) => {
    const { sessions } = await client.request('session.list', { all: true }, { signal });
    return sessions.filter((session) => session.scope === scope);
  };
  const open = async <T>(
    { file, sessions: keys }: ProjectParams & { sessions?: readonly string[] | undefined },
    signal = new AbortController().signal,
    work: (opened: Opened) => Promise<T>,
    isUp = false,
  ): Promise<T> =>
    await converse(async (client) => {
      try {
        signal.throwIfAborted();
        requireSome(keys);
        const found = findProjectFile(process.cwd(), file);
        const asking = isUp ? askingForRegexes(client, signal) : undefined;
        const project = await readProject(found, readProjectFile, asking);
        return await work({ client, project, sessions: await ofScope(client, signal), signal });
      } catch (error) {
        throw asPilottyError(error);
      }
    });
  return {
    async up(params, given) {
      const { sessions: keys, recreate, remove_orphans, onSession } = params;
      const work = async ({ client, project, sessions, signal }: Opened) => {
        const plan = planUp(project, sessions, { keys, recreate });
        const surroundings = { env: callerEnvironment(process.env), ...(await inheritance()) };
        const progress = onSession && { progress: onSession };
        const done = await up(client, { project, plan, surroundings, signal, ...progress });
        return requireUp(remove_orphans ? await endOrphans(client, done) : done);
      };
      return await open(params, given, work, true);
    },
    async down(params, given) {
      const { sessions: keys = [], signal: signalName, grace_ms: graceMs = STOP_GRACE_MS } = params;
      return await open(params, given, async ({ client, project, sessions, signal }) => {
        return await down(client, project, sessions, { keys, signalName, graceMs, signal });
      });
    },
    async ps(params, given) {
      return await open(params, given, async ({ client, project, sessions, signal }) => {
        return await stateOfProject(client, project, sessions, signal);
      });
    },
    async tail(params, onLine, given) {
      const { sessions: keys = [], lines, follow = false } = params;
      await open(params, given, async ({ client, project, signal }) => {
        requireKnown(project, keys);
        const list = async () => await ofScope(client, signal);
        // By session and stream, until a line comes that has it.
        const gaps = new Map<string, TailGap>();
        const placeOf = ({ session_id, stream }: TailLine | TailGap) => `${session_id} ${stream}`;
        await tail(client, project, {
          ...{ keys, lines, follow, list, signal },
          async onLines(tailed) {
            for (const line of tailed) {
              const gap = gaps.get(placeOf(line));
              gaps.delete(placeOf(line));
              await onLine(gap === undefined ? line : { ...line, missed_bytes: gap.missed_bytes });
            }
          },
          onGap(gap) {
            const before = gaps.get(placeOf(gap))?.missed_bytes ?? 0;
            gaps.set(placeOf(gap), { ...gap, missed_bytes: before + gap.missed_bytes });
          },
        });
        for (const gap of gaps.values()) await onLine({ ...gap, text: '' });
      });
    },
  };
}

/** Of a list that was computed, none means none; without a list, all are meant. */
function requireSome(keys: readonly string[] | undefined): void {
  if (keys?.length === 0)
    throw new RequestError('INVALID_INPUT', 'sessions names none', {
      suggestion: 'Leave it out for all sessions of the project; nothing was started or ended.',
    });
}

/** @throws TimeoutError, SessionExitedError and others with what was done, and the last lines of the first that failed */
function requireUp(answer: UpAnswer): UpAnswer {
  const failed = answer.sessions.filter(({ state }) => state === 'failed');
  const [first] = failed;
  if (first?.error === undefined) return answer;
  const reasons = failed.flatMap(({ key, error, screen_lines: lines = [] }) => [
    `'${key}' is not up: ${error?.message}`,
    ...lines.map((line) => `  | ${line}`),
  ]);
  const { code, suggestion } = first.error;
  throw errorOf(code, reasons.join('\n'), { suggestion, answer });
}
