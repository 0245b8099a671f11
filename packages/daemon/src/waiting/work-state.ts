/**
 * What the program of a session is doing now. It is concluded when it is asked for, from the screen, the marks, and what the
 * kernel says of the foreground process; a change is an event of the session.
 *
 * The kernel is asked before the screen is brought up to date: what a program printed before it began to wait is then on it.
 */
import { constants } from 'node:os';
import { detectElements, type Question, questionOn } from '@pilotty/terminal';
import type { InputMark } from '../input/input-mark.ts';
import { asksForCode, mayAskForCode } from '../input/prompt-text.ts';
import { msSince, nextMoment } from '../moment.ts';
import { stoppedJobsOf } from '../processes/foreground.ts';
import { isPasswordPrompt, terminalState } from '../processes/terminal-state.ts';
import type { Session } from '../session/session.ts';
import type { Concluded, KnownState } from '../session/work-record.ts';
import { Calm } from '../work-state/calm.ts';
import {
  CALM_MS,
  concludedFrom,
  concludesAnewInMs,
  dependsOnKernel,
  type Facts,
  type Reader,
} from '../work-state/concluded.ts';
import { type ForegroundUse, foregroundUse } from '../work-state/reader.ts';
import { saidOfWork } from '../work-state/words.ts';
import { inputTaken } from './input-taken.ts';

export interface Judgement {
  state: KnownState | undefined;
  /** When time alone may change it. */
  askAgainInMs: number | undefined;
  /** Only the kernel knows when it changes. */
  dependsOnKernel: boolean;
  /** Not all is known yet; resolves when it is. */
  goOn: Promise<void> | undefined;
}

/** How the terminal was set when this was the last of the input and output. */
interface Settings {
  seq: number;
  inputSeq: number;
  at: number;
  isByLine: boolean;
  asksForPassword: boolean;
}

/** For so long a state is taken for that of now in a list, where nothing has happened to the session since. */
const RECENT_MS = 100;
/** Settings are not asked for again sooner: while output comes, and where nothing has come or gone. */
const SETTINGS_MS = { busy: 250, still: 5_000 };

export class WorkState {
  readonly #session: Session;
  readonly #calm: Calm;
  #settings: Settings | undefined;
  #asking: Promise<void> | undefined;
  /** What is asked decides. */
  #isAsked = false;
  #question: { text: string; identity: string; since: number } | undefined;
  #readAt: { seq: number; isByLine: boolean } | undefined;
  #input: { mark: InputMark; isTaken: () => boolean } | undefined;
  #judgedSeq = -1;
  #judgedAt = Number.NEGATIVE_INFINITY;
  /** Since it was judged last. */
  #hasHappened = false;

  constructor(session: Session) {
    this.#session = session;
    this.#calm = new Calm(session);
    session.watch((event) => {
      if (event === 'drawn') this.#calm.drawn();
      if (typeof event !== 'object' || event.type !== 'work_state') this.#hasHappened = true;
    });
  }

  /** As it was known last. */
  get known(): KnownState | undefined {
    return this.#session.work.known;
  }

  /** Nothing has come or gone since it was judged last. */
  get isFresh(): boolean {
    return this.#judgedSeq === this.#session.seq;
  }

  /** As now(); where nothing has happened, as it was up to RECENT_MS ago: a list asks the kernel about each session. */
  recent(): KnownState | undefined | Promise<KnownState | undefined> {
    if (!this.#hasHappened && performance.now() - this.#judgedAt < RECENT_MS) return this.known;
    const judged = this.judge();
    return judged.goOn === undefined ? judged.state : this.#after(judged.goOn);
  }

  async now(): Promise<KnownState | undefined> {
    const judged = this.judge();
    return judged.goOn === undefined ? judged.state : await this.#after(judged.goOn);
  }

  async #after(goOn: Promise<void>): Promise<KnownState | undefined> {
    await goOn;
    return this.judge().state;
  }

  /** As far as that is known without waiting. */
  judge(): Judgement {
    this.#isAsked = false;
    const facts = this.#facts();
    const state = this.#isAsked ? this.known : this.#note(concludedFrom(facts));
    this.#judgedSeq = this.#session.seq;
    this.#judgedAt = performance.now();
    this.#hasHappened = false;
    return {
      state,
      askAgainInMs: concludesAnewInMs(facts),
      dependsOnKernel: dependsOnKernel(facts),
      goOn: this.#isAsked ? this.#asking : undefined,
    };
  }

  #note(concluded: Concluded | undefined): KnownState | undefined {
    const before = this.known;
    const state = concluded && { ...concluded, since: sinceOf(concluded, before) };
    this.#session.work.known = state;
    const isOther = before?.name !== state?.name;
    if (isOther || (state?.name === 'asking' && before?.text !== state.text))
      this.#session.stateChanged(before, state);
    return state;
  }

  #facts(): Facts {
    const session = this.#session;
    const { acts, exit, screen, signals, times, work } = session;
    const use = this.#askKernel();
    const reader = use?.reader ?? 'unknown';
    const hasUnreadInput = !session.hasNoProgram && this.#hasUnreadInput(acts.last);
    const prompt = hasUnreadInput ? undefined : promptOf(session);
    // To know since when it looks the same is to look at it, which only a conclusion from silence needs.
    const { since, stillSince } =
      use === undefined ? { since: times.drawn, stillSince: times.drawn } : this.#calm;
    const quietFrom = Math.max(since, times.input, signals.title ?? 0);
    const quietMs = session.isDrawn ? msSince(quietFrom) : 0;
    const stillMs = session.isDrawn ? msSince(Math.max(stillSince, times.input)) : 0;
    const isOpen = use !== undefined && work.set === undefined && prompt === undefined && !hasUnreadInput;
    // What a flood leaves undrawn is not drawn for this: it asks nothing.
    const isDrawn = session.isDrawn && !screen.hasUndrawnLines;
    const mayAsk = isOpen && reader !== 'none' && !use.isStopped && isDrawn;
    const settings = mayAsk && reader !== 'polls' ? this.#settingsNow() : undefined;
    return {
      exit,
      isBetweenPrograms: session.restarts.isBetweenPrograms,
      askedFor: session.questions.facts[0]?.prompt,
      set: work.set,
      hasUnreadInput,
      prompt,
      reader,
      isStopped: use?.isStopped ?? false,
      isRelay: isOpen && quietMs >= CALM_MS && use.isRelay(),
      asksForPassword: settings?.asksForPassword ?? false,
      lastLine: settings?.asksForPassword ? screen.textBeforeCursor.trim() : '',
      question: mayAsk ? this.#questionNow(reader, settings?.isByLine ?? reader === 'polls') : undefined,
      isAtPromptText: mayAsk && isAtPromptText(session),
      progress: screen.progress,
      call: work.call,
      quietMs,
      quietFrom,
      stillMs,
      said: mayAsk && stillMs >= CALM_MS ? saidOfWork(screen.rowTexts(), screen.alternateScreen) : undefined,
      ended: times.ended,
    };
  }

  /** Brings the screen up to date; undefined: what the foreground waits for decides nothing. */
  #askKernel(): ForegroundUse | undefined {
    const session = this.#session;
    const before = this.#isDecided ? undefined : foregroundUse(session.pid);
    session.arrived.catchUp();
    if (before !== undefined || this.#isDecided) return before;
    // What was printed meanwhile has undecided it.
    const use = foregroundUse(session.pid);
    session.arrived.catchUp();
    return use;
  }

  /** Known without the kernel's word on the foreground, which takes as long as all else. */
  get #isDecided(): boolean {
    const session = this.#session;
    const { acts, hasNoProgram, questions, work } = session;
    if (hasNoProgram || work.set !== undefined || questions.facts.length > 0) return true;
    return this.#hasUnreadInput(acts.last) || promptOf(session) !== undefined;
  }

  #hasUnreadInput(mark: InputMark): boolean {
    if (this.#input?.mark !== mark) {
      const taken = inputTaken(this.#session, mark);
      this.#input = { mark, isTaken: () => 'holds' in taken() };
    }
    return !this.#input.isTaken();
  }

  /** How the terminal is set takes a process to ask; what waits for input does not change it. */
  #settingsNow(): Settings | undefined {
    const { seq, acts, terminalPath } = this.#session;
    const known = this.#settings;
    const restMs = known?.seq === seq ? SETTINGS_MS.still : SETTINGS_MS.busy;
    const isRecent = known !== undefined && performance.now() - known.at < restMs;
    if (isRecent && known.inputSeq === acts.lastSeq) return known;
    this.#isAsked = true;
    this.#asking ??= terminalState(terminalPath).then((state) => {
      this.#asking = undefined;
      this.#settings = {
        seq,
        inputSeq: acts.lastSeq,
        at: performance.now(),
        isByLine: state?.canonical ?? false,
        // The foreground is known to wait for input, or may.
        asksForPassword: state !== undefined && isPasswordPrompt(state, undefined),
      };
    });
    return known;
  }

  #questionNow(reader: Reader, isByLine: boolean): Facts['question'] {
    const { screen, parsedSeq } = this.#session;
    if (this.#readAt?.seq !== parsedSeq || this.#readAt.isByLine !== isByLine) {
      this.#readAt = { seq: parsedSeq, isByLine };
      const shown = {
        rows: screen.rowTexts(),
        cursor: screen.cursor,
        elements: detectElements(screen),
        isAlternate: screen.alternateScreen,
      };
      const found = questionOn(shown, { isByLine, isReading: reader === 'unknown' ? null : true });
      if (found === undefined) this.#question = undefined;
      else {
        const identity = `${this.#session.acts.lastSeq} ${identityOf(found)}`;
        const text = found.lines.join('\n');
        if (this.#question?.identity !== identity)
          this.#question = { text, identity, since: performance.now() };
      }
    }
    const question = this.#question;
    return question && { text: question.text, shownMs: performance.now() - question.since };
  }
}

/** A spinner above it, and a time that runs out, make no other question of it. */
function identityOf({ lines, answers }: Question): string {
  const labels = answers.map(({ label }) => label);
  return [lines.at(-1), ...labels].join('\n').replaceAll(/\d+/g, '#');
}

/** What holds on keeps its moment; a command that ends again has another. */
function sinceOf({ name, text, since }: Concluded, before: KnownState | undefined): number {
  if (before === undefined) return since ?? nextMoment();
  const isSame = before.name === name && (since === undefined || before.text === text);
  return isSame ? before.since : Math.max(before.since, since ?? nextMoment());
}

/** The prompt that follows all of the input, with the command that ended there. */
function promptOf({ acts, commands, isExited, pid, times }: Session): Facts['prompt'] {
  const { isAtPrompt, promptAt, lastFinished } = commands;
  if (isExited || !isAtPrompt || promptAt === undefined) return undefined;
  if (promptAt < (acts.last.submitted?.moment ?? 0)) return undefined;
  if (lastFinished === undefined || lastFinished.at < times.began) return { since: promptAt };
  const { commandLine: line, exitCode } = lastFinished.command;
  if (isCodeOfStop(exitCode) && stoppedJobsOf(pid).length > 0) return { since: promptAt };
  return { since: lastFinished.at, command: { line, exitCode } };
}

/** A shell reports a job that was stopped as one that a signal has ended. */
function isCodeOfStop(exitCode: number | undefined): boolean {
  const { SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU } = constants.signals;
  return [SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU].some((signal) => exitCode === 128 + signal);
}

function isAtPromptText({ acts, screen }: Session): boolean {
  if (screen.alternateScreen) return false;
  const before = screen.textBeforeCursor;
  return asksForCode(before) || (acts.prompts.knows(before) && mayAskForCode(before));
}

const states = new WeakMap<Session, WorkState>();

export function workStateOf(session: Session): WorkState {
  const known = states.get(session);
  if (known !== undefined) return known;
  const state = new WorkState(session);
  states.set(session, state);
  return state;
}
