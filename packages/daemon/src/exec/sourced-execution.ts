/**
 * One command in a live shell or REPL that sources our files: one line is typed, and the shell reports that it has
 * begun and is done. What is concluded from that, and from what the kernel knows, is CommandState's; this looks,
 * types, and ends.
 */
import fs from 'node:fs';
import type { RequestError } from '@pilotty/protocol';
import { lookEvery, timeToLook } from '../after-reading.ts';
import { type Deadline, NEVER } from '../call.ts';
import { foregroundOf } from '../processes/foreground.ts';
import {
  findProcess,
  hasOpenIn,
  isAlive,
  isReadingInput,
  type ProcessFacts,
  processName,
  programImage,
} from '../processes/process-table.ts';
import { randomHex } from '../random-hex.ts';
import type { Run } from '../session/run.ts';
import type { Session } from '../session/session.ts';
import { until } from '../until.ts';
import { asFailure, type Channels } from './channels.ts';
import { CommandOutput } from './command-output.ts';
import { CommandState, type HowEnded, NO_ACK_MS, type Outer, type Step, type View } from './command-state.ts';
import type { ChannelFiles } from './dialects/channel-files.ts';
import type { Line } from './dialects/dialect.ts';
import type { Ending, Execution, Piece } from './execution.ts';
import { notBegun, notRead, notTypedInTime } from './not-begun.ts';
import { emptyPromptOf, isStillReading, type Prompt, promptOf } from './prompt.ts';
import type { ProvenPrompt, ProvenPrompts } from './proven-prompts.ts';
import { type Report, Reports } from './reports.ts';
import { writeOver } from './write-over.ts';

/** How often to look at the shell: what the kernel knows it does not tell. */
const LOOK_MS = 50;
/** For what was printed before the end to arrive. */
const ERASED_MS = 200;
/** For a shell that reads again to draw its prompt. */
const PROMPT_MS = 2000;

export interface SourcedCommand {
  shell: Prompt;
  isPty: boolean;
  /** By its text another shell takes the place of its own. */
  replacesShell: boolean;
  /** A command that started this shell, or what started it, and still runs. */
  outer: SourcedExecution | undefined;
  /** The prompt it is typed at. */
  typedAt: ProvenPrompt;
  proven: ProvenPrompts;
}

export class SourcedExecution implements Execution {
  readonly session: Session;
  readonly #run: Run;
  ending: Ending | RequestError | undefined;
  isAttended = true;

  /** Runs the command; once that has ended with it, the shell it was started from. */
  #shell: Prompt;
  readonly #files: ChannelFiles;
  readonly #channels: Channels;
  readonly #nonce = randomHex(8);
  readonly #isPty: boolean;
  readonly #outer: SourcedExecution | undefined;
  readonly #typedAt: ProvenPrompt;
  readonly #proven: ProvenPrompts;
  readonly #output: CommandOutput;
  readonly #reports: Reports;
  readonly #state: CommandState;
  #process: ProcessFacts | undefined;
  readonly #listeners = new Set<() => void>();
  readonly #unwatch: () => void;
  readonly #timer: NodeJS.Timeout;
  #startedAt = performance.now();
  #endedAt: number | undefined;
  #command = '';
  #lastLineSeq = 0;
  #howEnded: HowEnded | undefined;

  /** @throws Error when the files cannot be opened; they are retired then */
  constructor(
    session: Session,
    { shell, isPty, replacesShell, outer, typedAt, proven }: SourcedCommand,
    files: ChannelFiles,
    channels: Channels,
  ) {
    this.session = session;
    this.#shell = shell;
    this.#files = files;
    this.#channels = channels;
    this.#isPty = isPty;
    this.#run = session.run;
    this.#outer = outer;
    this.#typedAt = typedAt;
    this.#proven = proven;
    this.#process = findProcess(shell.pid);
    const { dialect } = shell;
    this.#state = new CommandState(dialect.askText !== undefined);
    try {
      this.#reports = new Reports(files.say, this.#nonce, () => this.#hear());
      this.#output = new CommandOutput(
        session,
        files,
        { dialect, nonce: this.#nonce, isPty, holdsLine: replacesShell },
        () => this.#notifyListeners(),
      );
    } catch (error) {
      channels.retire(files, false)();
      throw error;
    }
    this.#unwatch = session.watch((event) => {
      const isEnd =
        event === 'exited' ||
        (typeof event === 'object' && (event.type === 'restarting' || event.type === 'restarted'));
      if (isEnd) this.look();
      else if (event === 'output' && isPty) this.#notifyListeners();
    });
    this.#timer = lookEvery(LOOK_MS, () => this.look()).unref();
  }

  get isRunning(): boolean {
    return this.#howEnded === undefined;
  }

  get isEnding(): boolean {
    switch (this.#state.is) {
      case 'asking':
      case 'asked':
        return true;
      case 'running':
        return this.#shell.dialect.askText !== undefined && this.#holdsFiles() === false;
      default:
        return false;
    }
  }

  get elapsedMs(): number {
    return (this.#endedAt ?? performance.now()) - this.#startedAt;
  }

  get typedSeq(): number {
    return this.#lastLineSeq;
  }

  get droppedBytes(): number {
    return this.#output.droppedBytes;
  }

  /**
   * Types the line.
   * @param requireStill see Ready
   * @returns false when the shell has left its prompt since it was found there: nothing was typed then
   * @throws RequestError when text stands at the prompt, or the line could not be typed in time: the command will not be run
   */
  async begin(command: string, deadline: Deadline, requireStill: () => boolean): Promise<boolean> {
    this.#command = command;
    try {
      const isTyped = await this.session.inputTurns.during(
        () => this.#begin(command, deadline, requireStill),
        deadline,
      );
      if (!isTyped) this.#end({ how: 'not begun', hasShellEnded: false });
      return isTyped;
    } catch (error) {
      this.#end({ how: 'not begun', hasShellEnded: false });
      throw error;
    }
  }

  async #begin(command: string, deadline: Deadline, requireStill: () => boolean): Promise<boolean> {
    const { session } = this;
    const { dialect } = this.#shell;
    session.requireRunning();
    if (deadline.isOver) throw notTypedInTime(session);
    if (!isStillReading(session, this.#shell)) return false;
    if (!requireStill()) return false;
    this.#startedAt = performance.now();
    const textsFor = (line: Line) => dialect.filesFor(line, command);
    session.commands.expect(dialect.lineToType(this.#files.run), command, !this.#isPty);
    if (!(await this.#type(this.#files.run, textsFor, deadline))) throw notRead(session);
    this.#state.typed();
    return true;
  }

  watch(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  attend(isAttended: boolean): void {
    this.isAttended = isAttended;
    this.#output.attend(isAttended);
  }

  take(): Piece[] {
    // What the shell reports first says what of its stderr is not the command's.
    if (this.isRunning) this.#hear();
    return this.#output.take();
  }

  isDisplacedBy({ pid, dialect }: Prompt): boolean {
    return pid !== this.#shell.pid || dialect !== this.#shell.dialect;
  }

  isIn(pid: number): boolean {
    return pid === this.#shell.pid;
  }

  suspend(): boolean {
    return this.isRunning;
  }

  look(): void {
    if (this.isRunning) this.#do(this.#state.look(this.#view, performance.now()));
  }

  readonly #view: View = {
    hasSessionEnded: () => this.#run.ending.exit !== undefined,
    hasShellEnded: () => {
      // The end of the session's own program is reported once it is reaped.
      return (
        this.#shell.pid !== this.#run.terminal.pid && this.#process !== undefined && !isAlive(this.#process)
      );
    },
    isReplaced: () => {
      const { image } = this.#shell;
      const now = programImage(this.#shell.pid);
      const isOther = image !== undefined && now !== undefined && now !== image;
      return isOther && this.#process?.pid === this.#shell.pid && (this.#isPty || !this.#holdsFiles());
    },
    isReading: () => (process.platform === 'linux' ? isReadingInput(this.#shell.pid) : undefined),
    holdsFiles: () => this.#holdsFiles(),
    isQuiet: () => {
      const { inputIdleMs, outputIdleMs } = this.session.times;
      return inputIdleMs > NO_ACK_MS && outputIdleMs > NO_ACK_MS;
    },
    hasOtherInput: () => this.session.acts.lastSeq !== this.#lastLineSeq,
    reports: () => this.#takeReports(),
    outer: () => this.#lookOutside(),
  };

  #hear(): void {
    this.#do(this.#state.hear(this.#takeReports()));
  }

  #takeReports(): Report[] {
    const reports = this.#reports.take();
    for (const report of reports) if (report.type === 'begun') this.#output.notices.expect(report.jobs ?? '');
    return reports;
  }

  #holdsFiles(): boolean | undefined {
    return hasOpenIn(this.#shell.pid, this.#files.directory);
  }

  #lookOutside(): Outer {
    const outer = this.#outer;
    const prompt = promptOf(this.session);
    if (outer && (!prompt || outer.isIn(prompt.pid))) {
      outer.look();
      const howEnded = outer.#howEnded;
      if (howEnded?.how !== 'reported') return howEnded ? { is: 'not there' } : { is: 'running' };
      this.#shell = outer.#shell;
      return { is: 'reported', status: howEnded.status, cwd: howEnded.cwd };
    }
    const foreground = foregroundOf(this.session.pid);
    if (foreground && hasOpenIn(foreground.pid, this.#files.directory)) return { is: 'running this' };
    return prompt?.dialect.askText ? { is: 'at prompt' } : { is: 'not there' };
  }

  #do(step: Step): void {
    switch (step.do) {
      case 'nothing':
        return;
      case 'withdraw':
        fs.rmSync(this.#files.run, { force: true });
        return;
      case 'ask':
        void this.#ask(step.isOuter);
        return;
      case 'end':
        this.#end(step.howEnded);
    }
  }

  /** The shell is at its prompt again, and has not reported. */
  async #ask(isOuter: boolean): Promise<void> {
    const { session } = this;
    const outer = isOuter ? promptOf(session) : undefined;
    if (outer) {
      this.#shell = outer;
      this.#process = findProcess(outer.pid);
    }
    const { askText } = this.#shell.dialect;
    const { lastSeq } = session.acts;
    const { ask } = this.#files;
    if (!isOuter) this.#proven.learn(this.#typedAt);
    await session.inputTurns.during(async () => {
      if (this.#state.is !== 'asking') return;
      if (!askText || !(await this.#isOursToAsk(lastSeq))) {
        this.#do(this.#state.cannotAsk());
        return;
      }
      try {
        session.commands.passOver(this.#shell.dialect.lineToType(ask));
        await this.#type(ask, (line) => ({ [ask]: askText(line) }), NEVER);
      } catch {
        // A full disk: it cannot be asked.
        this.#do(this.#state.cannotAsk());
      }
      this.#state.asked(performance.now());
    });
  }

  /** Whether `$?` at that prompt is still the command's, and the line would be all that stands there. */
  async #isOursToAsk(lastSeq: number): Promise<boolean> {
    const { session } = this;
    const { pid } = this.#shell;
    const { acts } = session;
    const hasEntered = acts.lastSeq !== this.#lastLineSeq && acts.last.typed.endsWith('\n');
    if (hasEntered) return false;
    const isOurs = acts.lastSeq === this.#lastLineSeq;
    const since = performance.now();
    const isSame = () => acts.lastSeq === lastSeq && promptOf(session)?.pid === pid;
    while (!this.#run.ending.exit && this.#state.is === 'asking' && isSame()) {
      session.arrived.readAndDraw();
      if (emptyPromptOf(session, { isOurs, proven: this.#proven })) return true;
      if (performance.now() - since > PROMPT_MS) return false;
      await timeToLook(LOOK_MS);
    }
    return false;
  }

  async #type(
    path: string,
    textsFor: (line: Line) => Record<string, string>,
    until: { readonly signal: AbortSignal },
  ): Promise<boolean> {
    const { session } = this;
    const { dialect } = this.#shell;
    const typed = dialect.lineToType(path);
    // Where the line will stand is known once the prompt before it is drawn.
    session.arrived.readAndDraw();
    const { cursor, size } = session.screen;
    const rows = Math.floor((cursor.col + typed.length) / size.cols) + 1;
    const line = { files: this.#files, nonce: this.#nonce, rows, isPty: this.#isPty };
    try {
      for (const [file, text] of Object.entries(textsFor(line))) writeOver(file, text);
    } catch (error) {
      throw asFailure(error);
    }
    const { seq, sent } = session.send(Buffer.from(typed + (dialect.enter ?? '\r')), until);
    this.#lastLineSeq = seq;
    return await sent.written;
  }

  #end(howEnded: HowEnded): void {
    if (this.#howEnded) return;
    this.#howEnded = howEnded;
    this.#state.close();
    this.#endedAt = performance.now();
    const { last } = this.session.acts;
    if (howEnded.how === 'reported' && last.latestSeq === this.#lastLineSeq) last.hasReportedEnd = true;
    clearInterval(this.#timer);
    this.#unwatch();
    // Before the FIFOs are closed: a shell that opens one must find it open on our side, or find no file.
    const giveBack = this.#channels.retire(this.#files, this.#isPty);
    this.#reports.close();
    void this.#finish(howEnded, giveBack);
  }

  async #finish(howEnded: HowEnded, giveBack: () => void): Promise<void> {
    const ending = this.#endingFor(howEnded);
    const said = await this.#output.finish(
      howEnded.how === 'reported' && !howEnded.hasShellEnded,
      howEnded.how === 'shell replaced',
    );
    if (howEnded.how === 'reported') await this.#lineErased();
    const { found } = this.#output.notices;
    if ('outcome' in ending && found.length > 0)
      ending.note = [ending.note, `Ended in the background: ${found.join(', ')}.`].filter(Boolean).join(' ');
    if ('error' in ending) ending.error ||= this.#shell.dialect.error?.test(said) === true;
    this.ending = ending;
    this.#output.discard(giveBack);
    this.#notifyListeners();
  }

  /** The line was taken off the terminal before the end was reported; what is printed there arrives a moment later. */
  async #lineErased(): Promise<void> {
    const { session } = this;
    session.arrived.readAndDraw();
    const isErased = () =>
      this.#run.ending.exit !== undefined || !session.screen.rowTexts().join('').includes(this.#files.run);
    await until(session, isErased, { withinMs: ERASED_MS });
  }

  #endingFor(howEnded: HowEnded): Ending | RequestError {
    const { session } = this;
    switch (howEnded.how) {
      case 'reported': {
        const { status, cwd, hasShellEnded } = howEnded;
        const outcome = hasShellEnded ? 'exited' : 'matched';
        const reportedBy = this.#shell.pid;
        const ended = { outcome, signal: null, cwd: cwd || null, reportedBy } as const;
        if (this.#shell.dialect.isRepl) return { ...ended, exitCode: null, error: status === '1' };
        return /^\d+$/.test(status) ? { ...ended, exitCode: Number(status) } : { ...ended, ...UNKNOWN };
      }
      case 'session ended': {
        const { exit_code, signal } = this.#run.ending.exit ?? { exit_code: null, signal: null };
        const note = /\bexec\b/.test(this.#command) && !this.#isPty ? { note: EXEC_NOTE } : {};
        return { outcome: 'exited', exitCode: exit_code, signal, cwd: null, ...note };
      }
      case 'shell replaced': {
        const program = processName(this.#shell.pid) ?? 'another program';
        const note = `The command replaced the shell: '${program}' runs in its place, and there is no exit code.`;
        return { outcome: 'matched', exitCode: null, signal: null, cwd: null, note };
      }
      case 'unknown':
        return {
          outcome: howEnded.hasShellEnded ? 'exited' : 'matched',
          signal: null,
          cwd: null,
          ...UNKNOWN,
          ...(!howEnded.hasBegun && { note: MAYBE_NOTE }),
        };
      case 'not begun':
        return notBegun(session, howEnded.hasShellEnded);
    }
  }

  #notifyListeners(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

/** An exit code that is not known is no success. */
const UNKNOWN = {
  exitCode: null,
  note: 'The command has ended, and how is not known: its shell came back without a report.',
} as const;

const MAYBE_NOTE = 'The shell ended when the line had been typed; whether the command was run is not known.';

const EXEC_NOTE =
  "The session ended with the command. A shell that is started with 'exec' ends at once without input: with --pty it has the terminal.";
