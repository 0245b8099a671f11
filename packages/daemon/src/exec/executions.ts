/**
 * The commands of all sessions: one after the other in each, and the one that is still to be waited for.
 */
import { RequestError } from '@pilotty/protocol';
import type { Deadline } from '../call.ts';
import type { ClientIdentity } from '../client-identity.ts';
import { RESERVED_DESCRIPTORS } from '../limits.ts';
import { needDescriptors } from '../processes/free-descriptors.ts';
import type { Run } from '../session/run.ts';
import type { Session } from '../session/session.ts';
import { until } from '../until.ts';
import { asFailure, Channels } from './channels.ts';
import { isRestricted } from './dialects/programs.ts';
import type { Execution } from './execution.ts';
import { LearnedRepl } from './learned-repl.ts';
import { hasMadeRoom } from './made-room.ts';
import { MarkedShell } from './marked-shell.ts';
import { awaitPrompt, type Prompt } from './prompt.ts';
import { type ProvenPrompt, ProvenPrompts, type ProvenPromptsState } from './proven-prompts.ts';
import { notReading } from './refusals.ts';
import { RelayedShell } from './relayed-shell.ts';
import { replacesShell } from './replaced-shell.ts';
import { SourcedExecution } from './sourced-execution.ts';
import { type PromptDriver, TypedExecution } from './typed-execution.ts';
import type { TypedPrompt } from './typed-prompt.ts';

interface Turns {
  /** Resolves when no client waits for the previous command. */
  last: Promise<void>;
  /** The last command, as long as it runs or its answer has not been given. */
  current: Execution | undefined;
  /** Commands that still run, because they started the program that commands are run in now; the latest last. */
  outer: Execution[];
  /** Number of the input that was ours. */
  typedSeq: number;
  /** Where the last command was typed, if it was typed to a program we share no files with. */
  typedPrompt: TypedPrompt | undefined;
  /** Where the last command was typed. */
  lastPrompt: ProvenPrompt | undefined;
  /** The shell in which the last command ended, by its report. */
  endedIn: number | undefined;
  readonly proven: ProvenPrompts;
}

/** What is known of a session's program when no command runs in it. */
export type TurnsState = Pick<Turns, 'typedSeq' | 'typedPrompt' | 'lastPrompt' | 'endedIn'> & {
  proven: ProvenPromptsState;
};

export class Executions {
  readonly #channels: Channels;
  readonly #directory: string;
  readonly #turns = new WeakMap<Run, Turns>();
  /** Where the last command passed its deadline, which may be in a program that was restarted since. */
  readonly #unanswered = new WeakMap<Session, Turns>();

  constructor(directory: string) {
    this.#channels = new Channels(directory);
    this.#directory = directory;
  }

  /**
   * Runs `use` with a command that has been begun, after the commands before it.
   * @throws RequestError CONDITION_FAILED when the session has something else to do, TIMEOUT when it is not begun in time
   */
  async run<T>(
    session: Session,
    asked: { command: string; isPty: boolean; client: ClientIdentity },
    deadline: Deadline,
    use: (execution: Execution) => Promise<T>,
  ): Promise<T> {
    const { run } = session;
    const turns = this.#turnsOf(run);
    const before = turns.last;
    let leave = () => {};
    turns.last = new Promise((resolve) => {
      leave = () => void before.then(resolve);
    });
    try {
      if (!(await inTime(before, deadline))) throw stillWaiting(session, deadline);
      return await this.#attended(turns, await this.#begin(session, turns, { ...asked, run }, deadline), use);
    } finally {
      leave();
    }
  }

  /** Runs `use` with the command that passed its deadline. @throws RequestError CONDITION_FAILED without one */
  async resume<T>(session: Session, use: (execution: Execution) => Promise<T>): Promise<T> {
    const now = this.#turnsOf(session.run);
    const turns = now.current ? now : (this.#unanswered.get(session) ?? now);
    const { current } = turns;
    if (!current) {
      throw new RequestError('CONDITION_FAILED', `No command is running in session '${session.name}'`, {
        suggestion: `Run one with 'pilotty exec -s ${session.name} COMMAND'.`,
      });
    }
    if (current.isAttended) {
      throw new RequestError(
        'CONDITION_FAILED',
        `Another client already waits for the command in session '${session.name}'`,
        { suggestion: `See what it shows with 'pilotty snapshot -s ${session.name} --format text'.` },
      );
    }
    return this.#attended(turns, current, use);
  }

  async #attended<T>(
    turns: Turns,
    execution: Execution,
    use: (execution: Execution) => Promise<T>,
  ): Promise<T> {
    execution.attend(true);
    try {
      return await use(execution);
    } finally {
      execution.attend(false);
      if (execution.ending === undefined) this.#unanswered.set(execution.session, turns);
      this.#leave(turns, execution);
    }
  }

  /** What is known by then is kept for the next command. */
  #leave(turns: Turns, execution: Execution): void {
    turns.typedSeq = Math.max(turns.typedSeq, execution.typedSeq);
    const { ending } = execution;
    learnFrom(ending, turns);
    if (ending && turns.current === execution) turns.current = this.#goOnWith(turns, ending);
  }

  /** A shell that ended leaves its terminal to what it was started from: to a command of ours, where that goes on. */
  #goOnWith(turns: Turns, ending: Execution['ending']): Execution | undefined {
    dropEnded(turns);
    const hasShellEnded = ending && 'outcome' in ending && ending.outcome === 'exited';
    return hasShellEnded ? turns.outer.pop() : undefined;
  }

  async #begin(
    session: Session,
    turns: Turns,
    { command, isPty, client, run }: { command: string; isPty: boolean; client: ClientIdentity; run: Run },
    deadline: Deadline,
  ): Promise<Execution> {
    // Without one nothing can be known of the shell either. Those that clients need to make room are left.
    needDescriptors(RESERVED_DESCRIPTORS, 'The command was not begun');
    for (;;) {
      await this.#makeRoom(session, turns, deadline);
      const before = {
        ...turns,
        directory: this.#directory,
        // A shell may be asked meanwhile how a command ended that has started the one of before.
        get isOurs() {
          return session.acts.lastSeq === ownSeq(turns);
        },
      };
      const { prompt, line, place, requireStill } = await awaitPrompt(session, before, deadline);
      if (!(await hasComeBack(turns, prompt.pid, deadline))) throw stillRunning(session);
      turns.typedPrompt = 'dialect' in prompt ? undefined : prompt;
      const typedAt = { pid: prompt.pid, line, place };
      turns.lastPrompt = typedAt;
      turns.endedIn = undefined;
      const execution =
        'dialect' in prompt
          ? await this.#open(session, turns, prompt, typedAt, { command, isPty })
          : new TypedExecution(session, prompt, driverFor(session, turns.proven, prompt, command, isPty));
      turns.current = execution;
      this.#unanswered.delete(session);
      try {
        const requireFree = () => {
          session.requireRunning([], run);
          session.admitInputOf(client);
          session.inputIsOf(client);
          return requireStill();
        };
        if (await execution.begin(command, deadline, requireFree)) return execution;
      } catch (error) {
        turns.current = undefined;
        throw error;
      }
      turns.current = undefined;
    }
  }

  async #open(
    session: Session,
    turns: Turns,
    shell: Prompt,
    typedAt: ProvenPrompt,
    { command, isPty }: { command: string; isPty: boolean },
  ): Promise<SourcedExecution> {
    if (isRestricted(shell.pid)) throw restricted(session);
    const files = await this.#channels.take();
    const outer = turns.outer.findLast((execution) => execution instanceof SourcedExecution);
    const isReplacing = !shell.dialect.isRepl && replacesShell(command);
    const isOnTerminal = isPty || isReplacing;
    try {
      const { proven } = turns;
      const how = { shell, isPty: isOnTerminal, replacesShell: isReplacing, outer, typedAt, proven };
      return new SourcedExecution(session, how, files, this.#channels);
    } catch (error) {
      throw asFailure(error);
    }
  }

  /** A command that has started another shell or REPL goes on behind it; any other that still runs is in the way. */
  async #makeRoom(session: Session, turns: Turns, deadline: Deadline): Promise<void> {
    dropEnded(turns);
    for (let { current } = turns; current; current = turns.current) {
      if (!(await hasMadeRoom(session, turns, current, deadline))) throw stillRunning(session);
      if (current.isRunning) {
        turns.current = undefined;
        if (current.suspend()) turns.outer.push(current);
        return;
      }
      await ending(current, deadline.signal);
      if (current.ending === undefined) throw notReading(session, deadline);
      this.#leave(turns, current);
    }
  }

  /** What is known of one shell is not so of the one that is started after it. */
  #turnsOf(run: Run): Turns {
    let turns = this.#turns.get(run);
    if (!turns) {
      turns = {
        last: Promise.resolve(),
        current: undefined,
        outer: [],
        typedSeq: 0,
        typedPrompt: undefined,
        lastPrompt: undefined,
        endedIn: undefined,
        proven: new ProvenPrompts(),
      };
      this.#turns.set(run, turns);
    }
    return turns;
  }

  /** Why the session cannot be handed to another daemon now; undefined where it can. */
  whyNotHandedOver(session: Session): string | undefined {
    const turns = this.#turns.get(session.run);
    const outer = turns?.outer.filter(({ isRunning }) => isRunning) ?? [];
    const isAnswered = turns?.current === undefined && !this.#unanswered.get(session)?.current;
    if (isAnswered && outer.length === 0) return undefined;
    return 'a command of exec runs in it, or has not been answered';
  }

  /** Undefined where no command was run. */
  stateOf({ run }: Session): TurnsState | undefined {
    const turns = this.#turns.get(run);
    if (turns === undefined) return undefined;
    const { typedPrompt, lastPrompt, endedIn, proven } = turns;
    return { typedSeq: ownSeq(turns), typedPrompt, lastPrompt, endedIn, proven: proven.state };
  }

  adopt({ run }: Session, { proven, ...state }: TurnsState): void {
    const turns = this.#turnsOf(run);
    Object.assign(turns, state);
    turns.proven.adopt(proven);
  }

  /** No shell has files of ours open. */
  get areIdle(): boolean {
    return this.#channels.areFree;
  }

  close(): void {
    this.#channels.close();
  }
}

/** Number of the last input that was ours: a shell is also asked how a command ended when no client waits for that. */
function ownSeq({ typedSeq, current, outer }: Turns): number {
  return Math.max(typedSeq, current?.typedSeq ?? 0, ...outer.map((execution) => execution.typedSeq));
}

function dropEnded(turns: Turns): void {
  turns.typedSeq = ownSeq(turns);
  turns.outer = turns.outer.filter(({ isRunning }) => isRunning);
}

/** What ended where it was typed was typed at a prompt. */
function learnFrom(ending: Execution['ending'], turns: Turns): void {
  if (!ending || !('outcome' in ending)) return;
  if (ending.outcome === 'matched' && turns.lastPrompt) turns.proven.learn(turns.lastPrompt);
  turns.endedIn = ending.reportedBy ?? turns.endedIn;
}

function driverFor(
  session: Session,
  proven: ProvenPrompts,
  prompt: TypedPrompt,
  command: string,
  isPty: boolean,
): PromptDriver {
  if (prompt.isRelayedShell) return new RelayedShell(session, proven, prompt, command, isPty);
  return session.commands.isAtPrompt
    ? new MarkedShell(session, prompt, command)
    : new LearnedRepl(session, prompt, command);
}

/** Where the prompt is that of a program in which a command of ours ran until now, its end has to be known first. */
async function hasComeBack(turns: Turns, pid: number, { signal }: Deadline): Promise<boolean> {
  const outer = turns.outer.findLast((execution) => execution.isIn(pid));
  if (!outer) return true;
  outer.look();
  await ending(outer, signal);
  return outer.ending !== undefined;
}

/** Until the end of a command is known and its last output read. */
async function ending(execution: Execution, signal: AbortSignal): Promise<void> {
  await until(execution, () => execution.ending !== undefined, { signal });
}

function inTime(before: Promise<void>, { signal }: Deadline): Promise<boolean> {
  return new Promise((resolve) => {
    const late = () => resolve(false);
    signal.addEventListener('abort', late);
    void before.then(() => {
      signal.removeEventListener('abort', late);
      resolve(true);
    });
  });
}

function stillWaiting({ name }: Session, deadline: Deadline): RequestError {
  return new RequestError(
    'TIMEOUT',
    `The commands before it in session '${name}' took longer than ${Math.round(deadline.elapsedMs)} ms; the command was not started`,
    { suggestion: 'Give it longer with --timeout, or use another session.' },
  );
}

function restricted({ name }: Session): RequestError {
  return new RequestError(
    'CONDITION_FAILED',
    `The shell in session '${name}' is restricted and cannot source a file; nothing was typed`,
    { suggestion: `Type the command instead: 'pilotty type -s ${name} COMMAND --enter --wait-prompt'.` },
  );
}

function stillRunning({ name }: Session): RequestError {
  return new RequestError(
    'CONDITION_FAILED',
    `The previous command, which passed its deadline, still runs in session '${name}'`,
    {
      suggestion: `Wait for it with 'pilotty exec -s ${name} --wait', or end it with 'pilotty key -s ${name} Ctrl+C', or, if that has no effect, with 'pilotty signal -s ${name} TERM'.`,
    },
  );
}
