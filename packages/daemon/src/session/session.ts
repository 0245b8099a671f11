/**
 * One session: a program on a terminal, the screen it draws, and everyone who waits on it.
 *
 * Order is the promise. Output of the program and input of its users each take the next number of
 * one sequence, are retained, are drawn, and only then reach waits. A wait that returns seq N has
 * seen a screen that includes N.
 *
 * Its life: running → the program is reaped and its output drained → what waits is drawn → exited.
 * An exited session keeps its last screen and its output, and takes no input. One whose program is restarted is not
 * exited in between, by a client or by its restart policy: who looks at it, or waits for anything but the end, goes on.
 */
import { type Exit, type RequestError, VERSION } from '@pilotty/protocol';
import {
  bytesBetweenPrograms,
  ElementTracker,
  type Fault,
  passOn,
  Screen,
  takeOver,
} from '@pilotty/terminal';
import type { ClientIdentity } from '../client-identity.ts';
import type { Inside } from '../containers/inside.ts';
import type { ProgramInside } from '../containers/program-inside.ts';
import { FirstPlaces } from '../input/first-places.ts';
import { Acts } from '../input/input-history.ts';
import type { InputMark } from '../input/input-mark.ts';
import type { InputJournal } from '../input/journal.ts';
import { UnsubmittedInput } from '../input/unsubmitted-input.ts';
import { msSince } from '../moment.ts';
import { endLeftovers, endProcesses, type Survivor } from '../processes/kill-tree.ts';
import { HeldReading } from '../pty/held-reading.ts';
import { type CalmOutput, OutputPipeline } from '../pty/output-pipeline.ts';
import type { Sought, WordSearch } from '../pty/passing-words.ts';
import type { SentInput } from '../pty/queued-write.ts';
import { Retention } from '../pty/retention.ts';
import type { Scheduler } from '../pty/scheduler.ts';
import type { Stream } from '../pty/stream-marks.ts';
import { Times } from '../times.ts';
import { ArrivedOutput } from './arrived-output.ts';
import { type Attachment, Attachments } from './attachments.ts';
import { CommandLog } from './command-log.ts';
import { DrawingFaults } from './drawing-faults.ts';
import { endedError } from './ended-error.ts';
import type { EndReason } from './ending.ts';
import { InputTurns } from './input-turns.ts';
import { Keyboard } from './keyboard.ts';
import { Listeners } from './listeners.ts';
import { adoptParts, stateOfParts } from './passed-parts.ts';
import { PastEnds } from './past-ends.ts';
import { PastLooks } from './past-looks.ts';
import { programInside, startProgram } from './program-start.ts';
import { Questions } from './questions.ts';
import { redraw } from './redraw.ts';
import type { SessionReference } from './reference.ts';
import { restartedError, restartingError } from './restarted-error.ts';
import { Restarts } from './restarts.ts';
import { Revisions } from './revisions.ts';
import { type AdoptedProgram, Run, type RunListeners } from './run.ts';
import { ScreenHistory } from './screen-history.ts';
import { SessionClock } from './session-clock.ts';
import type { SessionEvent } from './session-event.ts';
import type { SessionOptions } from './session-options.ts';
import type { SessionState } from './session-state.ts';
import type { ShellIntegration } from './shell-integration.ts';
import { ShownColors } from './shown-colors.ts';
import { SignalMoments } from './signal-moments.ts';
import { SynchronizedUpdate } from './synchronized-update.ts';
import { Tags } from './tags.ts';
import { type KnownState, WorkRecord } from './work-record.ts';

/** As Session.send() has them. */
interface SendOptions {
  isSecret?: boolean;
  isCaughtUp?: boolean;
  takenBytes?: number;
  rest?: Uint8Array | undefined;
}

type InputFollower = (bytes: Uint8Array, isSecret: boolean) => void;
/** One that another daemon has begun. */
export interface AdoptedSession {
  state: SessionState;
  /** Its program, where that has not ended. */
  program: AdoptedProgram | undefined;
}

export class Session {
  readonly id: string;
  readonly argv: readonly [string, ...string[]];
  readonly #cwd: string;
  readonly term: string;
  readonly shownColors: ShownColors;
  readonly scrollback: number;
  readonly createdAt: Date;
  readonly screen: Screen;
  readonly retention: Retention;
  readonly history: ScreenHistory;
  readonly times = new Times();
  readonly elements = new ElementTracker();
  readonly pastLooks = new PastLooks();
  unsubmittedInput = new UnsubmittedInput();
  readonly signals = new SignalMoments();
  /** What is known of what its program is doing. */
  readonly work = new WorkRecord();
  readonly acts: Acts;
  firstPlaces = new FirstPlaces();
  readonly drawingFaults: DrawingFaults;
  readonly journal: InputJournal | undefined;
  readonly keyboard: Keyboard;
  readonly attachments: Attachments;
  /** What its programs ask a person for. */
  readonly questions: Questions;
  /** What ran in it, where it is a shell that marks its prompts. */
  readonly commands = new CommandLog();
  /** The shell whose prompts we have it mark. */
  readonly integratedShell: ShellIntegration['shell'] | undefined;
  /** The programs before the one that runs now: it was restarted so often. */
  readonly pastEnds = new PastEnds();
  readonly project: SessionOptions['project'];
  readonly restarts: Restarts;
  readonly clock = new SessionClock();
  /** Acts send their input one after the other. */
  readonly inputTurns = new InputTurns(this);
  /** What the program has printed, and the screen does not show yet. */
  readonly arrived: ArrivedOutput;

  readonly #options: Omit<SessionOptions, 'history'>;
  readonly #output: OutputPipeline;
  #run: Run;
  /** Pauses the terminal of the program that runs. */
  readonly #reading = new HeldReading(() => this.#run.terminal);
  #inside: ProgramInside | undefined;
  #name: string;
  readonly #tags: Tags;
  readonly #listeners: Listeners<SessionEvent>;
  readonly #revisions: Revisions;
  readonly #update = new SynchronizedUpdate(() => this.#listeners.tell('drawn'));
  #seq = 0;
  #isReplaying = false;
  /** While it is handed over it is not ended: the daemon that has it then does that. */
  #frozen: { over: Promise<void>; end(): void } | undefined;
  readonly #inputFollowers = new Set<InputFollower>();
  /** So much of the output is drawn as it should be. */
  #soundBytes = 0;
  #lastText: { seq: number; at: number } | undefined;

  /**
   * @param failed gets what a listener or the parser threw; the session goes on
   * @throws Error when the program cannot be started.
   */
  constructor(
    options: SessionOptions,
    scheduler: Scheduler,
    failed: (error: unknown) => void = () => {},
    adopted?: AdoptedSession,
  ) {
    const { history, ...again } = options;
    this.#options = again;
    this.createdAt = adopted ? new Date(adopted.state.createdAtMs) : new Date();
    this.id = options.id;
    this.#name = options.name;
    this.argv = options.argv;
    this.#cwd = options.in?.cwd ?? options.cwd;
    this.term = options.term;
    this.scrollback = options.scrollback;
    this.integratedShell = options.integration?.shell;
    this.journal = options.journal;
    this.project = options.project;
    this.#tags = new Tags(options.tags);
    this.#listeners = new Listeners(failed);
    this.restarts = new Restarts(this, options.restartPolicy, {
      tell: (event) => this.#listeners.tell(event),
      exited: () => this.#exit(),
    });
    const { cols, rows, scrollback, term, onFault } = options;
    this.drawingFaults = new DrawingFaults(onFault);
    const noted = (fault: Fault) => this.drawingFaults.note(fault);
    const isPipe = options.pipe === true;
    this.screen = new Screen({
      cols,
      rows,
      scrollback,
      term,
      version: VERSION,
      newLineMode: isPipe,
      onFault: noted,
    });
    this.shownColors = new ShownColors(this.screen);
    this.shownColors.add(options.colors);
    this.retention = new Retention(options.retainBytes, { cols, rows }, isPipe);
    this.history = new ScreenHistory(this.screen, this.retention, {
      now: () => this.clock.now(),
      drawnBytes: () => (this.#output.isEmpty ? this.retention.totalBytes : undefined),
    });
    this.#revisions = new Revisions(this.screen);
    this.keyboard = new Keyboard(
      () => this.#name,
      (event) => this.#listeners.tell(event),
    );
    this.questions = new Questions(
      () => this.#name,
      (event) => this.#listeners.tell(event),
    );
    const terminal = {
      size: () => this.screen.size,
      resize: (size: { cols: number; rows: number }) => {
        if (!this.isExited) this.resize(size.cols, size.rows);
      },
    };
    this.attachments = new Attachments(terminal);
    this.acts = new Acts(this.screen, this.times, () => this.parsedBytes);
    this.#output = new OutputPipeline(
      this.screen,
      scheduler,
      {
        before: (seq) => this.acts.lookBack(seq),
        announced: () => this.#announced(),
        parsed: () => this.#parsed(),
        full: () => this.#reading.hold(this.#output),
        free: () => this.#reading.release(this.#output),
        failed: (error) => this.#listeners.fault(error),
      },
      { scrollback, drawsTextOnly: isPipe, name: () => this.#name },
    );
    this.arrived = new ArrivedOutput(this.#output, () => this.#run.terminal.readArrived());
    this.#run = adopted ? this.#adopt(adopted) : this.#start();
    if (history !== undefined && history.length > 0) this.#showHistory(history);
  }

  get reference(): SessionReference {
    return { session: this.#name, session_id: this.id };
  }

  get name(): string {
    return this.#name;
  }

  get tags(): ReadonlySet<string> {
    return this.#tags.all;
  }

  get pid(): number {
    return this.#run.terminal.pid;
  }

  /** Undefined where it has no terminal. */
  get terminalPath(): string | undefined {
    return this.#run.terminal.terminalPath;
  }

  /** Its program has no terminal: the screen is that of a log, and nothing but what both streams had is on it. */
  get isPipe(): boolean {
    return this.#options.pipe === true;
  }

  /** Nothing more can be sent to its program: EOF was, or nothing reads its stdin any more. */
  get isInputClosed(): boolean {
    return this.hasNoProgram || (this.#run.pipes?.isInputClosed ?? false);
  }

  /** In a container as the program has reported it. */
  get cwd(): string {
    const report = this.#run.entry?.report;
    return report?.is === 'started' ? report.directory : this.#cwd;
  }

  /** Of its program; of the runtime's command, where it runs in a container. */
  get hostDirectory(): string {
    return this.#options.cwd;
  }

  /** Where its program runs, as it was given; undefined on this host. */
  get in(): Inside | undefined {
    return this.#options.in;
  }

  /** Its program, where that is in a container and its terminal is relayed. */
  get inside(): ProgramInside | undefined {
    return this.#inside;
  }

  get isExited(): boolean {
    return this.hasNoProgram && !this.restarts.isBetweenPrograms;
  }

  /** Nothing of it runs: it is exited, or between two programs. */
  get hasNoProgram(): boolean {
    return this.#run.ending.at !== undefined;
  }

  get endedAt(): Date | undefined {
    return this.isExited ? this.#run.ending.at : undefined;
  }

  /** How the program ended; undefined while it runs, or is being restarted. */
  get exit(): Exit | undefined {
    return this.isExited ? this.#run.ending.exit : undefined;
  }

  /** What its program was started with. */
  get environment(): Readonly<Record<string, string>> {
    return this.#options.env;
  }

  /** Its program, from its start to its end: what was meant for one is not for the next. */
  get run(): Run {
    return this.#run;
  }

  /** Resolves once the program that runs now has ended, and all that it printed is drawn. */
  get programEnded(): Promise<void> {
    return this.#run.ended;
  }

  /** Last number given to output or input. */
  get seq(): number {
    return this.#seq;
  }

  /** Last number the screen includes. */
  get parsedSeq(): number {
    return this.#output.parsedSeq(this.#seq);
  }

  /** How much of the output the screen includes. */
  get parsedBytes(): number {
    return this.retention.totalBytes - this.#output.waitingBytes;
  }

  /** The screen includes all that was read. */
  get isDrawn(): boolean {
    return this.#output.isEmpty;
  }

  get isBlank(): boolean {
    return this.screen.text() === '';
  }

  /** It has only just been started, and there is nothing to see yet. */
  get isStartingUp(): boolean {
    return this.times.startupLeftMs > 0 && this.isBlank;
  }

  /** What its screen, its retained output and the copies of its screen take. */
  get memoryBytes(): number {
    return this.screen.memoryBytes + this.retention.facts.retained_bytes + this.history.memoryBytes;
  }

  get queuedInputBytes(): number {
    return this.#run.terminal.queuedBytes;
  }

  /** Answers of the terminal that were not sent, because the program reads none. */
  get droppedReplyBytes(): number {
    return this.#run.replies.droppedBytes;
  }

  /** Text, styles and cursor as one number below 2^53; equal screens have equal hashes. */
  get contentHash(): number {
    return this.#revisions.hash;
  }

  /** Grows with every visible change. */
  get revision(): number {
    return this.#revisions.revision;
  }

  /** Whether the program is in the middle of a synchronized update, so the screen is half-drawn. */
  get isHalfDrawn(): boolean {
    return this.#update.isOn;
  }

  /** Calls `listener` after each event, until the function it returns is called. */
  watch(listener: (event: SessionEvent) => void): () => void {
    return this.#listeners.add(listener);
  }

  /** Calls `follower` with what has been drawn, once `parsedSeq` counts it, until the function it returns is called. */
  followDrawing(follower: (drawn: Uint8Array) => void): () => void {
    return this.#output.follow(follower);
  }

  /** Calls `follower` with all input that is sent, until the function it returns is called. */
  followInput(follower: InputFollower): () => void {
    this.#inputFollowers.add(follower);
    return () => this.#inputFollowers.delete(follower);
  }

  /**
   * Sends input, after all input before it. What was printed before is no answer to it, also where it was not read yet.
   * @param isSecret nothing of it is kept
   * @param isCaughtUp ArrivedOutput.catchUp() was called, and nothing has been waited for since
   * @param takenBytes so many of them were written with an input before
   * @param rest what is sent next: written with it, as far as the terminal takes it now
   * @returns the number the input took, how it fares, and how many bytes of the rest were taken
   */
  send(
    bytes: Uint8Array,
    until: { readonly signal: AbortSignal },
    { isSecret = false, isCaughtUp = false, takenBytes = 0, rest }: SendOptions = {},
  ): { seq: number; sent: SentInput; takenOfRest: number } {
    if (!isCaughtUp) this.arrived.catchUp();
    if (this.acts.last.isSubmitted || this.acts.lastSeq === 0)
      this.firstPlaces.lineBegins(this.pid, this.screen);
    this.times.inputSent();
    this.#seq += 1;
    this.acts.add(this.#seq, bytes, isSecret);
    this.unsubmittedInput.add(bytes, this.pid);
    this.work.inputSent(this.acts.last.submitted?.seq === this.#seq);
    const seq = this.#seq;
    const taken = rest === undefined ? takenBytes : this.#writeNow(bytes, rest);
    const sent = this.#run.terminal.write(bytes, until, Math.min(taken, bytes.length));
    this.#listeners.tell('input');
    for (const follower of this.#inputFollowers) follower(bytes, isSecret);
    return { seq, sent, takenOfRest: Math.max(0, taken - bytes.length) };
  }

  #writeNow(bytes: Uint8Array, rest: Uint8Array): number {
    return this.#run.pty?.writeNow(Buffer.concat([bytes, rest])) ?? 0;
  }

  /** Of a program without a terminal: closes its stdin, once all that was sent is written. */
  endInput(): void {
    this.#run.pipes?.endInput();
    this.times.inputSent();
    this.#listeners.tell('input');
  }

  /** The program is read no further until the function it returns is called. */
  holdReading(): () => void {
    const reason = {};
    this.#reading.hold(reason);
    return () => this.#reading.release(reason);
  }

  /**
   * A client is about to send input: an attached one takes up what a person was handed.
   * @throws RequestError KEYBOARD_TAKEN when it may not
   */
  admitInputOf(client: ClientIdentity): void {
    if (this.keyboard.handOver && this.attachments.person(client)) this.keyboard.takeUp(client);
    this.keyboard.requireFree(client);
  }

  /** What is sent next is this client's. */
  inputIsOf(client: ClientIdentity): void {
    this.keyboard.typed(client);
    this.attachments.typed(client);
  }

  attach(attachment: Attachment): void {
    this.attachments.add(attachment);
    this.#tellAttaching('attached', attachment);
  }

  detach(attachment: Attachment): void {
    this.attachments.remove(attachment);
    this.#tellAttaching('detached', attachment);
  }

  #tellAttaching(type: 'attached' | 'detached', { client, isReadOnly }: Attachment): void {
    this.#listeners.tell({ type, client: client.label, isReadOnly });
  }

  /** The input of this number was text, and the terminal has taken it. */
  textSent(seq: number): void {
    this.#lastText = { seq, at: performance.now() };
  }

  /** The text sent last, and when the terminal had taken it. */
  get lastText(): { readonly seq: number; readonly at: number } | undefined {
    return this.#lastText;
  }

  /** As OutputPipeline.beginSearch(); offsets are those of the output. */
  beginSearch(sought?: Sought): WordSearch {
    return this.#output.beginSearch(sought);
  }

  /** As OutputPipeline.calm; while it lasts, the output that was drawn last is the end of it. */
  get calm(): CalmOutput {
    return this.#output.calm;
  }

  /** Draws nothing for so long, however much has come; the program is read no further than what may wait. */
  pauseParsing(ms: number): void {
    this.#output.hold(ms);
  }

  /** The screen stays as it is until the function it returns is called, unless it is resized. */
  pauseDrawing(): () => void {
    return this.#output.pause();
  }

  /**
   * An act that sends the program nothing to read, such as a signal, waits for no input: what it leads to comes after it.
   * To be called just before: what was printed until then comes before it.
   */
  markAct(): InputMark {
    this.arrived.read();
    return this.#mark();
  }

  #mark(): InputMark {
    this.#seq += 1;
    return this.acts.mark(this.#seq);
  }

  /** Another state of its program was found. */
  stateChanged(from: KnownState | undefined, to: KnownState | undefined): void {
    this.#listeners.tell({ type: 'work_state', from, to });
  }

  rename(name: string): void {
    const previousName = this.#name;
    this.#name = name;
    this.#listeners.tell({ type: 'renamed', previousName });
  }

  /** @throws RequestError LIMIT_REACHED when retag() would give it too many */
  checkTags(add: readonly string[], remove: readonly string[]): void {
    this.#tags.check(this.#name, add, remove);
  }

  /** As Tags.change(). */
  retag(add: readonly string[], remove: readonly string[]): void {
    this.checkTags(add, remove);
    if (!this.#tags.change(add, remove)) return;
    this.times.wasTagged();
    this.#listeners.tell({ type: 'tagged' });
  }

  /** @returns the act that the resize is */
  resize(cols: number, rows: number): InputMark {
    // What was printed for the old size is drawn at the old size.
    this.arrived.read();
    this.#output.parseArrived();
    const act = this.#mark();
    const { size } = this.screen;
    this.acts.lookBack(this.#seq, cols === size.cols ? 0 : rows * Math.ceil(cols / size.cols));
    this.screen.resize(cols, rows);
    this.#mendScreen();
    this.retention.markSize(cols, rows);
    this.history.resized(this.parsedBytes);
    this.#run.terminal.resize(cols, rows);
    this.#listeners.tell('resized');
    this.#announced();
    this.#parsed();
    return act;
  }

  /** Ends the program and all it started; it is not restarted then. @returns what is left of it. */
  async kill(signal: NodeJS.Signals, graceMs: number, because: EndReason = 'client'): Promise<Survivor[]> {
    await this.#frozen?.over;
    const hadProgram = !this.restarts.isBetweenPrograms;
    this.restarts.end();
    if (!hadProgram) return endLeftovers(this, signal, graceMs);
    return this.#endProgram(signal, graceMs, because);
  }

  async #endProgram(signal: NodeJS.Signals, graceMs: number, because: EndReason): Promise<Survivor[]> {
    this.#run.ending.wanted(because);
    const left = (await this.#inside?.end(signal, graceMs, this.programEnded)) ?? [];
    return [...left, ...(await endProcesses(this, signal, graceMs, this.programEnded))];
  }

  #start(): Run {
    const started = { name: this.#name, size: this.screen.size, stateKey: this.work.key };
    const run = startProgram(this.#options, started, this.#runListeners);
    this.#goInside(run);
    return run;
  }

  #goInside(run: Run): void {
    this.#inside = programInside(this.#options, run) ?? this.#inside;
  }

  get #runListeners(): RunListeners {
    return { output: (bytes, stream) => this.#received(bytes, stream), reaped: () => this.#reaped() };
  }

  /** @throws Error where something of it would not be the same */
  #adopt({ state, program }: AdoptedSession): Run {
    takeOver(this.screen, state.screen);
    this.#output.adopt(state.retention.total);
    adoptParts(this, state, program !== undefined || state.policyRestarts?.due !== undefined);
    this.#revisions.adopt(state.revisions);
    this.#soundBytes = state.retention.total;
    this.#seq = state.seq;
    const run = Run.adopt(state.run, this.#runListeners, program);
    this.#goInside(run);
    if (run.ending.at !== undefined) {
      if (this.restarts.nextStartAt === undefined) this.#output.close();
    } else this.#update.drawn(this.screen.modes.synchronizedOutput);
    return run;
  }

  /** Why it cannot be handed over as it is; undefined where it can. Then nothing of it waits or is under way. */
  get whyNotHandedOver(): string | undefined {
    if (this.isExited) return undefined;
    const { ending, handable } = this.#run;
    if (this.restarts.isByClient) return 'it is being restarted';
    if (ending.isWanted) return 'it is being ended';
    if (handable === undefined && !this.hasNoProgram) return 'its terminal has faults for a test';
    if (this.journal) return 'its input is kept for a script (spawn --keep-input)';
    if (this.keyboard.holder || this.keyboard.handOver) return 'a client has taken the keyboard';
    if (this.queuedInputBytes > 0) return 'its program has not read all of its input';
    return undefined;
  }

  /** Reads nothing more, and reports no end, until thaw(). */
  freeze(): void {
    if (this.#frozen) return;
    let end = () => {};
    const over = new Promise<void>((resolve) => {
      end = resolve;
    });
    this.#frozen = { over, end };
    this.attachments.freeze();
    this.liveProgram?.freeze();
  }

  thaw(): void {
    this.attachments.thaw((attachment) => this.detach(attachment));
    this.liveProgram?.thaw();
    this.#frozen?.end();
    this.#frozen = undefined;
  }

  /** Frozen: another daemon has it. Its end is reported, and nothing of it happens here any more. */
  handedOver(report: (pid: number, code: number, signal: number) => void): void {
    this.#output.close();
    this.history.leave();
    this.#update.close();
    this.liveProgram?.handedOver(report);
  }

  /** The program that runs, where it can be handed over. */
  get liveProgram(): Run['handable'] {
    return this.hasNoProgram ? undefined : this.#run.handable;
  }

  /** Frozen, and drawn. */
  get state(): SessionState {
    const { journal: _, faults: __, onFault: ___, ...options } = this.#options;
    return {
      options: { ...options, ...this.screen.size, name: this.#name, tags: [...this.tags] },
      createdAtMs: this.createdAt.getTime(),
      screen: passOn(this.screen),
      revisions: this.#revisions.state,
      seq: this.#seq,
      run: this.#run.state,
      ...stateOfParts(this),
    };
  }

  /** Ends the program that is to be started again. @returns what is left of it */
  async endForRestart(signal: NodeJS.Signals, graceMs: number): Promise<Survivor[]> {
    if (this.isExited) return [];
    if (this.restarts.isBetweenPrograms) return endLeftovers(this, signal, graceMs);
    return this.#endProgram(signal, graceMs, 'client');
  }

  /**
   * Runs the program again, on a new terminal of the size that the last one had.
   * @returns the act that this is
   * @throws Error when it cannot be started: nothing has changed then
   */
  startAgain(): InputMark {
    const { ending } = this.#run;
    const run = this.#start();
    this.pastEnds.add(ending);
    this.#run = run;
    this.#reading.startsAgain();
    this.restarts.started();
    this.times.startsAgain();
    this.#emptyScreen();
    this.commands.startOver();
    this.work.startOver();
    this.acts.prompts.forget();
    this.unsubmittedInput = new UnsubmittedInput();
    this.firstPlaces = new FirstPlaces();
    this.journal?.startOver(this.screen.size);
    this.acts.close();
    const act = this.#markStart();
    this.#listeners.tell({ type: 'restarted', exit: ending.exit });
    return act;
  }

  /** For a program that has only just been started. */
  #emptyScreen(): void {
    this.#run.clearedFrom = this.retention.totalBytes;
    // What is read from pipes is what the program wrote, and nothing else.
    if (this.isPipe) this.retention.markRun();
    else this.#received(Buffer.from(bytesBetweenPrograms(this.screen)));
    this.#output.parseArrived();
    this.screen.forgetProgram();
    this.#run.outputStart = this.retention.totalBytes;
  }

  /** What stood there before does not count for those who wait for what the program shows. */
  #markStart(): InputMark {
    const act = this.#mark();
    this.acts.lookBack(this.#seq);
    return act;
  }

  /** Nothing of it is answered, and nobody is told: it has happened long ago. */
  #showHistory(history: Uint8Array): void {
    this.#isReplaying = true;
    this.#received(Buffer.from(history));
    while (!this.#output.isEmpty) this.#output.parseArrived();
    this.#isReplaying = false;
    this.#emptyScreen();
    this.#markStart();
  }

  #received(bytes: Buffer, stream?: Stream): void {
    this.times.outputCame();
    this.#seq += 1;
    this.retention.markTime(this.clock.now(), this.#seq);
    const beginsLine = stream !== undefined && this.retention.markStream(stream);
    this.retention.append(bytes);
    this.#output.push(this.#seq, bytes, beginsLine);
    this.#listeners.tell('output');
    this.#output.schedule();
  }

  /** What the program says and asks beside the text. */
  #announced(): void {
    this.#mendScreen();
    const replies = this.screen.takeReplies();
    if (this.#isReplaying) {
      this.screen.takeSignals();
      return;
    }
    if (replies) this.#run.replies.send(replies);
    for (const signal of this.screen.takeSignals()) {
      this.signals.note(signal);
      this.commands.follow(signal);
      this.work.follow(signal);
      this.#listeners.tell(signal);
    }
  }

  /** What the screen failed at is in the output, and not on the screen. */
  #mendScreen(): void {
    this.drawingFaults.mend(() => redraw(this.screen, this.history, this.retention, this.#soundBytes));
    this.#soundBytes = this.parsedBytes;
  }

  #parsed(): void {
    this.times.wasDrawn();
    this.#revisions.drawn();
    this.#update.drawn(this.screen.modes.synchronizedOutput);
    this.#listeners.tell('drawn');
    this.history.drawn();
    if (this.#run.ending.reaped && this.#output.isEmpty) this.#finish();
  }

  #reaped(): void {
    if (this.#output.isEmpty) this.#finish();
    else this.#output.schedule();
  }

  /** The program has ended, and all is drawn. */
  #finish(): void {
    const { ending } = this.#run;
    if (ending.at !== undefined) return;
    this.screen.end();
    this.#revisions.drawn();
    ending.over();
    this.#update.close();
    this.commands.close(this.retention.totalBytes, ending.reaped?.exitCode ?? undefined);
    this.restarts.programEnded(ending.exit, msSince(this.#run.began));
    this.#run.tellEnded();
    if (!this.restarts.isBetweenPrograms) this.#exit();
  }

  #exit(): void {
    this.times.hasEnded(this.#run.ending.moment);
    this.history.close();
    this.keyboard.close();
    this.questions.close();
    this.attachments.close();
    this.#output.close();
    this.#listeners.tell('exited');
  }

  /**
   * @param others names of sessions that run, for who may have meant one of them
   * @param run what is asked for was meant for that program
   * @throws RequestError SESSION_EXITED when the program has ended; UNAVAILABLE while it is restarted;
   *   CONDITION_FAILED when that was done meanwhile
   */
  requireRunning(others: readonly string[] = [], run: Run = this.#run): void {
    const error = this.whyNotRunning(others, run);
    if (error) throw error;
  }

  /** What requireRunning() throws. */
  whyNotRunning(others: readonly string[] = [], run: Run = this.#run): RequestError | undefined {
    if (this.exit) return endedError(this, this.exit, others);
    if (this.restarts.isBetweenPrograms) return restartingError(this.reference);
    return run === this.#run ? undefined : restartedError(this.reference);
  }
}
