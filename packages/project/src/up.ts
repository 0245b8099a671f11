/**
 * Carries a plan out: each session is started once what it depends on has come as far as it must, all others at the same
 * time. What depends on one that failed is not started. Sessions that were started stay, whatever becomes of the others.
 */
import { type Client, type ErrorBody, type Params, RequestError } from '@pilotty/client';
import { type Action, nameOf, type Plan, type Step } from './plan.ts';
import type { Dependency, Project } from './project.ts';
import { requireNotFailed, waitUntilCompleted, waitUntilReady } from './readiness.ts';

/** Between TERM and KILL, as with docker compose. */
export const STOP_GRACE_MS = 10_000;
/** Of the screen of what failed. */
const SHOWN_LINES = 12;

/** What programs have of the client that starts them. */
export type Surroundings = Pick<Params<'session.spawn'>, 'env' | 'umask' | 'nice' | 'limits'>;

export interface Up {
  project: Project;
  plan: Plan;
  surroundings: Surroundings;
  signal: AbortSignal;
  /** Aborts where the file was changed: what is waited for then is not any more, and what is being started is. */
  changed?: AbortSignal;
  /** Called for each session once it has come as far as it does. */
  progress?: Progress;
}

export type Progress = (outcome: UpOutcome) => void | Promise<void>;

export interface UpOutcome {
  /** Its name in the project. */
  key: string;
  /** Its name in the daemon. */
  session: string;
  session_id?: string;
  /** What was done; `none` where something before it failed. */
  action: Action | 'none';
  /** With recreated: the settings that have changed, or `asked`. */
  because?: string[];
  /** `restarting`: it has ended, nothing is waited for, and its restart policy starts it again. */
  state: 'ready' | 'started' | 'restarting' | 'completed' | 'failed' | 'skipped';
  error?: ErrorBody;
  /** The last lines of its screen, where it failed. */
  screen_lines?: string[];
  duration_ms: number;
}

export interface UpResult {
  type: 'project_up';
  project: string;
  file: string;
  ok: boolean;
  sessions: UpOutcome[];
  /** Sessions of the project that run and are not in its file any more. */
  orphans: Orphan[];
  /** Those that were ended. */
  removed: Orphan[];
}

interface Orphan {
  session: string;
  session_id: string;
}

export async function up(client: Client, wish: Up): Promise<UpResult> {
  const { project, plan } = wish;
  const runs = new Map<string, SessionUp>();
  for (const step of plan.steps) runs.set(step.session.key, new SessionUp(client, wish, step, runs));
  const sessions = await Promise.all([...runs.values()].map((run) => run.outcome()));
  return {
    type: 'project_up',
    project: project.name,
    file: project.file,
    ok: sessions.every(({ state }) => state !== 'failed' && state !== 'skipped'),
    sessions,
    orphans: plan.orphans.map(({ name, id }) => ({ session: name, session_id: id })),
    removed: [],
  };
}

/** What it depends on has failed, or its file was changed. */
class Skipped extends Error {}

class SessionUp {
  readonly step: Step;
  readonly #client: Client;
  readonly #wish: Up;
  readonly #others: ReadonlyMap<string, SessionUp>;
  /** Of all that waits. */
  readonly #signal: AbortSignal;
  readonly #beganAt = performance.now();
  #id: string | undefined;
  #isTouched = false;
  readonly #started: Promise<void>;
  readonly #ready: Promise<void>;
  #completed: Promise<void> | undefined;

  constructor(client: Client, wish: Up, step: Step, others: ReadonlyMap<string, SessionUp>) {
    this.#client = client;
    this.#wish = wish;
    this.step = step;
    this.#others = others;
    this.#signal = wish.changed ? AbortSignal.any([wish.signal, wish.changed]) : wish.signal;
    this.#id = step.found?.id;
    this.#started = this.#start();
    this.#ready = this.#started.then(() => this.#waitUntilReady());
    // Both are asked for the outcome, and by those that depend on it, later.
    this.#ready.catch(() => {});
  }

  /** Fails where it does not come so far. */
  reached(condition: Dependency['condition']): Promise<void> {
    if (condition === 'started') return this.#started;
    if (condition === 'ready') return this.#ready;
    this.#completed ??= this.#started.then(() => this.#waitUntilCompleted());
    return this.#completed;
  }

  async outcome(): Promise<UpOutcome> {
    const outcome = await this.#settled();
    await this.#wish.progress?.(outcome);
    return outcome;
  }

  async #settled(): Promise<UpOutcome> {
    const { action, because, session } = this.step;
    const facts = () => ({
      key: session.key,
      session: this.#name,
      ...(this.#id !== undefined && { session_id: this.#id }),
      action: this.#isTouched ? action : ('none' as const),
      ...(because && this.#isTouched && { because }),
      duration_ms: Math.round(performance.now() - this.#beganAt),
    });
    try {
      await this.#ready;
      await this.#completed;
      const isCompleted = action === 'completed' || this.#completed !== undefined;
      return { ...facts(), state: isCompleted ? 'completed' : session.ready ? 'ready' : await this.#begun() };
    } catch (caught) {
      this.#wish.signal.throwIfAborted();
      const { changed } = this.#wish;
      // What has failed before has failed.
      const isGivenUp = changed?.aborted === true && caught === changed.reason;
      const error = isGivenUp ? new Skipped('its file was changed meanwhile') : caught;
      if (error instanceof Skipped)
        return {
          ...facts(),
          state: 'skipped',
          error: new RequestError('UNAVAILABLE', error.message).toBody(),
        };
      if (!(error instanceof RequestError)) throw error;
      const screen_lines = await this.#lastLines();
      const body = { ...error.toBody(), suggestion: this.#suggestionFor(error) };
      return { ...facts(), state: 'failed', error: body, ...(screen_lines && { screen_lines }) };
    }
  }

  /** Of the session that it has: a new one is called as in the file, whatever the one before it was renamed to. */
  get #name(): string {
    const { session, found } = this.step;
    return nameOf({ session, found: found?.id === this.#id ? found : undefined });
  }

  /** What is said of options of commands stands in the file here. */
  #suggestionFor({ code, details, suggestion }: RequestError): string {
    const { isPipe } = this.step.session;
    const name = this.#name;
    const { file } = this.#wish.project;
    if (code === 'TIMEOUT') {
      const look = isPipe ? `pilotty output -s ${name}` : `pilotty snapshot -s ${name} -f text`;
      return `Give it longer: 'timeout' of its 'ready' in '${file}'; or look with '${look}'.`;
    }
    if (code === 'SPAWN_FAILED' && details?.directory !== undefined)
      return `Make the directory, or name another: 'directory' of the session in '${file}'.`;
    return suggestion;
  }

  async #start(): Promise<void> {
    const { session, action, found } = this.step;
    if (action === 'up_to_date' || action === 'completed') {
      this.#isTouched = true;
      return;
    }
    await Promise.all(session.dependsOn.map((dependency) => this.#dependency(dependency)));
    this.#signal.throwIfAborted();
    if (action === 'recreated' && found) {
      this.#isTouched = true;
      await this.#end(found.id);
    }
    // Not to be interrupted: what was started is said.
    const created = await this.#client.request('session.spawn', this.#request());
    this.#isTouched = true;
    this.#id = created.session_id;
  }

  async #dependency({ key, condition }: Dependency): Promise<void> {
    try {
      await this.#others.get(key)?.reached(condition);
    } catch (error) {
      this.#signal.throwIfAborted();
      throw new Skipped(`'${key}', which it depends on, is not ${condition}`, { cause: error });
    }
  }

  async #end(session: string): Promise<void> {
    const { results } = await this.#client.request('session.kill', { session, grace_ms: STOP_GRACE_MS });
    const [result] = results;
    if (result?.error) throw new RequestError('UNAVAILABLE', result.error.message);
  }

  #request(): Params<'session.spawn'> {
    const { project, surroundings } = this.#wish;
    const { key, name, argv, cwd, env, size, isPipe, tags, restartPolicy, isRecorded, config } =
      this.step.session;
    return {
      ...surroundings,
      ...{ argv, name, cwd, size, tags, restart_policy: restartPolicy },
      env: { ...surroundings.env, ...env },
      pipe: isPipe || undefined,
      record: isRecorded ? {} : undefined,
      project: { name: project.name, file: project.file, key, config },
      // Of many sessions none is the one that is meant where none is named.
      background: true,
    };
  }

  async #waitUntilReady(): Promise<void> {
    const { session, action } = this.step;
    if (session.ready === undefined || action === 'completed' || this.#id === undefined) return;
    await waitUntilReady(this.#client, this.#id, session.ready, this.#signal);
  }

  async #waitUntilCompleted(): Promise<void> {
    if (this.step.action === 'completed' || this.#id === undefined) return;
    await waitUntilCompleted(this.#client, this.#id, this.#signal);
  }

  /** One that has failed by now is not up, though nothing was to be waited for. */
  async #begun(): Promise<'started' | 'restarting'> {
    if (this.#id === undefined) return 'started';
    const { restart_policy } = await requireNotFailed(this.#client, this.#id, this.#wish.signal);
    return restart_policy?.next_restart_at === undefined ? 'started' : 'restarting';
  }

  async #lastLines(): Promise<string[] | undefined> {
    if (this.#id === undefined) return undefined;
    try {
      const { text = '' } = await this.#client.request('session.snapshot', { session: this.#id });
      const lines = text.trimEnd().split('\n').slice(-SHOWN_LINES);
      return lines.length === 1 && lines[0] === '' ? undefined : lines;
    } catch {
      // It was evicted, or the daemon is gone: the error itself is said.
      return undefined;
    }
  }
}
