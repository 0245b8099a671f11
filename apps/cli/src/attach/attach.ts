/**
 * One person at one session: their terminal shows its screen, and what they type goes to its program.
 *
 * The order: the daemon lists us and says that the session can be attached, only then is the terminal touched; it is put
 * back before anything else is printed, whatever ended us. The screen comes as parts of `session.view`: a terminal that
 * is slow holds back only its own connection, and then gets a screen instead of what it has missed.
 */
import { type Client, type Exit, RequestError, type StreamEvent } from '@pilotty/client';
import type { Io } from '../io.ts';
import { ENTER, RESCUE } from '../terminal/sequences.ts';
import type { Size, UserTerminal } from '../terminal/user-terminal.ts';
import { type Bound, type KeySpelling, TypedKeys } from './detach-keys.ts';
import { barAt } from './notice.ts';
import { OutputFilter } from './output-filter.ts';
import { QuestionKeys } from './question-keys.ts';

interface AttachOptions {
  session: string | undefined;
  isReadOnly: boolean;
  hasStatusLine: boolean;
  detachKeys: readonly KeySpelling[];
}

export interface Attached {
  session: string;
  session_id: string;
  outcome: 'detached' | 'exited';
  exit?: Exit | undefined;
}

type Action = 'detach' | 'take' | 'release' | 'answer';
type Keyboard = Extract<StreamEvent<'session.attach'>, { type: 'keyboard' }>;
type Others = Extract<StreamEvent<'session.attach'>, { type: 'others' }>['attached'];

/** A session has no fewer. */
const MIN_COLS = 2;
/** How long a notice stays. */
const NOTICE_MS = 4000;
/** A program that changes between its screens without end gets so many new ones. */
const NEW_SCREEN_PAUSE_MS = 15;
/** Typed, and not yet taken by the program: more is refused, so that a key to leave is still seen. */
const MAX_UNSENT_BYTES = 1024 * 1024;
const FOCUS = /^(?:\x1b\[[IO])+$/;

/** @throws RequestError UNAVAILABLE without a terminal, before anything is asked of the daemon */
export async function terminalOf(io: Io): Promise<UserTerminal> {
  const terminal = await io.terminal?.();
  if (terminal?.isThere) return terminal;
  throw new RequestError('UNAVAILABLE', 'attach needs a terminal, and stdin or stdout is none', {
    suggestion: "Look with 'pilotty snapshot -f text', act with 'pilotty send'.",
  });
}

export async function attach(options: AttachOptions, io: Io, client: Client): Promise<Attached> {
  const terminal = await terminalOf(io);
  return await new Attachment(options, io, client, terminal).run();
}

class Attachment {
  readonly #options: AttachOptions;
  readonly #io: Io;
  readonly #client: Client;
  readonly #terminal: UserTerminal;
  readonly #filter: OutputFilter;
  readonly #keys: TypedKeys<Action>;
  readonly #questions = new QuestionKeys({
    say: (text, bell) => this.#say(text, bell),
    answer: (question, text) => this.#answer(question, text),
    keys: () => `${this.#prefix} a`,
  });
  readonly #end = new AbortController();
  #session = { session: '', session_id: '' };
  #id = '';
  #view = new AbortController();
  #flushing: NodeJS.Timeout | undefined;
  #notice: NodeJS.Timeout | undefined;
  #said: string | undefined;
  #keyboard: Keyboard | undefined;
  #others: Others = [];
  #hasTerminal = false;
  #hasTyped = false;
  #unsentBytes = 0;
  /** The last to be written: what is drawn is drawn in order. */
  #written: Promise<void> = Promise.resolve();

  constructor(options: AttachOptions, io: Io, client: Client, terminal: UserTerminal) {
    this.#options = options;
    this.#io = io;
    this.#client = client;
    this.#terminal = terminal;
    this.#filter = new OutputFilter(options);
    this.#keys = new TypedKeys(bindings(options.detachKeys));
  }

  async run(): Promise<Attached> {
    let begin = () => {};
    const listed = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const signal = AbortSignal.any([this.#end.signal, this.#io.signal]);
    const presence = this.#client.request('session.attach', this.#presenceParams(), {
      signal,
      onEvent: (event) => {
        if (event.type === 'keyboard') return this.#keyboardChanged(event);
        if (event.type === 'others') return this.#othersChanged(event.attached);
        if (event.type === 'questions') return this.#questions.changed(event.questions);
        this.#session = { session: event.session, session_id: event.session_id };
        this.#id = event.attachment;
        this.#outer = event.inside;
        begin();
      },
    });
    presence.catch(() => {});
    // A session that cannot be attached is an error like any other.
    await Promise.race([listed, presence]);
    try {
      await this.#terminal.enter({
        entering: ENTER,
        leaving: () => this.#filter.farewell(),
        rescue: RESCUE,
        typed: (bytes) => this.#typed(bytes),
        lost: () => this.#resized(),
        closed: () => this.#detach(),
      });
      this.#hasTerminal = true;
      // What is asked of the person is said before.
      if (this.#outer !== undefined && this.#said === undefined)
        this.#say(`inside session ${this.#outer}: ${this.#leaving} leaves ${this.#session.session}`);
      const exit = await this.#watch(signal);
      if (exit !== undefined) return { ...this.#session, outcome: 'exited', exit };
      this.#io.signal.throwIfAborted();
      return { ...this.#session, outcome: 'detached' };
    } finally {
      this.#end.abort();
      clearTimeout(this.#flushing);
      clearTimeout(this.#notice);
      this.#hasTerminal = false;
      this.#terminal.leave();
    }
  }

  #outer: string | undefined;

  #presenceParams() {
    return {
      session: this.#options.session,
      window: this.#window,
      read_only: this.#options.isReadOnly,
      questions: true,
      // A terminal of another host has a name that one of this host may have too.
      inside:
        this.#io.surroundings === undefined
          ? { terminal: this.#terminal.path, session: this.#io.env.PILOTTY_SESSION || undefined }
          : undefined,
    };
  }

  /** What is left for the session. */
  get #window(): Size {
    const { cols, rows } = this.#terminal.size;
    return {
      cols: Math.max(MIN_COLS, cols),
      rows: this.#options.hasStatusLine ? Math.max(1, rows - 1) : rows,
    };
  }

  /** Shows the session until it ends, or we do. @returns how it ended */
  async #watch(signal: AbortSignal): Promise<Exit | undefined> {
    while (!signal.aborted) {
      const view = new AbortController();
      this.#view = view;
      try {
        const result = await this.#client.request(
          'session.view',
          {
            session: this.#session.session_id,
            scrollback: 0,
            window: this.#window,
            drawn: this.#options.hasStatusLine,
          },
          {
            signal: AbortSignal.any([view.signal, signal]),
            onEvent: (part) => this.#show(part, view),
          },
        );
        await this.#written;
        return result.exit;
      } catch (error) {
        if (!view.signal.aborted && !signal.aborted) throw error;
      }
    }
    return undefined;
  }

  #show(part: StreamEvent<'session.view'>, view: AbortController): Promise<void> | undefined {
    if (part.type === 'exited' || view.signal.aborted || this.#end.signal.aborted) return undefined;
    const bytes = Buffer.from(part.data_base64, 'base64');
    if (part.type === 'screen') {
      const shown = this.#filter.screen(bytes, this.#terminal.size);
      return this.#write(Buffer.concat([BEGIN_UPDATE, shown, Buffer.from(this.#bar()), END_UPDATE]));
    }
    const { bytes: shown, needsScreen } = this.#filter.output(bytes);
    if (!needsScreen) return this.#write(shown);
    return this.#write(shown)
      .then(() => pause(NEW_SCREEN_PAUSE_MS))
      .then(() => view.abort());
  }

  #write(data: string | Uint8Array): Promise<void> {
    this.#written = this.#terminal.write(data);
    return this.#written;
  }

  /** A new screen, whatever the terminal shows now. */
  #showAnew(): void {
    this.#view.abort();
  }

  #resized(): void {
    const params = { session: this.#session.session_id, attachment: this.#id, window: this.#window };
    this.#client.request('session.window', params).catch((error: unknown) => this.#sayError(error));
    this.#showAnew();
  }

  #typed(bytes: Buffer): void {
    clearTimeout(this.#flushing);
    if (this.#questions.isAnswering) {
      this.#questions.typed(bytes);
      return;
    }
    for (const { bytes: typed, action } of this.#keys.take(bytes)) {
      // What came with the keys that begin an answer is the answer's.
      if (this.#questions.isAnswering) this.#questions.typed(typed);
      else this.#send(typed);
      if (action !== undefined) this.#act(action);
    }
    const { pauseMs } = this.#keys;
    if (pauseMs !== undefined) this.#flushing = setTimeout(() => this.#send(this.#keys.flush()), pauseMs);
  }

  #act(action: Action): void {
    const session = this.#session.session_id;
    if (action === 'detach') this.#detach();
    else if (this.#options.isReadOnly)
      this.#say('read-only: the keyboard cannot be taken or released, and no question answered');
    else if (action === 'answer') this.#questions.begin();
    else if (action === 'take')
      this.#client
        .request('session.take', { session, steal: true })
        .catch((error: unknown) => this.#sayError(error));
    else
      this.#client
        .request('session.release', { session })
        .then(({ was_held, message }) => was_held || this.#say(message))
        .catch((error: unknown) => this.#sayError(error));
  }

  #detach(): void {
    this.#end.abort();
  }

  #send(bytes: Buffer): void {
    if (bytes.length === 0 || this.#end.signal.aborted) return;
    const isFocus = FOCUS.test(bytes.toString('latin1'));
    // Who has not typed only looks, and looking types nothing.
    if (isFocus && (this.#options.isReadOnly || !this.#hasTyped)) return;
    if (this.#options.isReadOnly) {
      this.#say(`read-only: keys are not sent; ${this.#leaving} leaves`);
      return;
    }
    if (this.#unsentBytes + bytes.length > MAX_UNSENT_BYTES) {
      this.#say(`the program does not read: ${bytes.length} bytes were not sent`);
      return;
    }
    this.#hasTyped = true;
    this.#unsentBytes += bytes.length;
    const params = { session: this.#session.session_id, data_base64: bytes.toString('base64') };
    this.#client
      .request('session.type', params, { signal: this.#end.signal })
      .catch((error: unknown) => this.#sayError(error))
      .finally(() => {
        this.#unsentBytes -= bytes.length;
      });
  }

  #keyboardChanged(event: Keyboard): void {
    const before = this.#keyboard;
    this.#keyboard = event;
    const { holder, is_mine, hand_over } = event;
    if (hand_over !== null && !is_mine && holder === null)
      this.#say(
        `${hand_over.by} asks: ${hand_over.message} - type, then ${this.#prefix} r hands it back\x07`,
      );
    else if (hand_over !== null && is_mine)
      this.#say(`${hand_over.message} - ${this.#prefix} r hands it back`);
    else if (holder !== null && !is_mine) this.#say(`${holder} has the keyboard; ${this.#prefix} t takes it`);
    else if (is_mine) this.#say(`you have the keyboard; ${this.#prefix} r releases it`);
    else if (holder === null && before !== undefined) this.#say('everyone may type again');
    if (this.#options.hasStatusLine && this.#hasTerminal) void this.#write(this.#bar());
  }

  #answer(question: string, text: string): void {
    this.#client
      .request('session.answer', { session: this.#session.session_id, question, text })
      .then(({ message }) => this.#say(message))
      .catch((error: unknown) => this.#sayError(error));
  }

  #othersChanged(others: Others): void {
    this.#others = others;
    if (this.#options.hasStatusLine && this.#hasTerminal) void this.#write(this.#bar());
  }

  #sayError(error: unknown): void {
    if (this.#end.signal.aborted) return;
    // Its end, or that of the connection, ends us in a moment.
    if (error instanceof RequestError && error.code !== 'SESSION_EXITED') this.#say(error.message);
  }

  /** Lies over the last row for a while, and then the screen is drawn anew. */
  #say(text: string, bell = ''): void {
    if (this.#end.signal.aborted) return;
    this.#said = text;
    // Before, the terminal is not ours; the first screen has it.
    if (this.#hasTerminal) void this.#write(this.#bar() + bell);
    clearTimeout(this.#notice);
    this.#notice = setTimeout(() => {
      if (this.#questions.isAnswering) return;
      this.#said = undefined;
      if (this.#options.hasStatusLine) void this.#write(this.#bar());
      else this.#showAnew();
    }, NOTICE_MS);
  }

  /** What stands on the last row instead of the session's; '' where that has it. */
  #bar(): string {
    const text = this.#said ?? (this.#options.hasStatusLine ? this.#status() : undefined);
    if (text === undefined) return '';
    const { cols, rows } = this.#terminal.size;
    return barAt(rows, cols, ` ${text}`);
  }

  #status(): string {
    const { holder = null } = this.#keyboard ?? {};
    const facts = [
      this.#session.session,
      ...(this.#options.isReadOnly ? ['read-only'] : []),
      ...(holder === null ? [] : [`keyboard: ${holder}`]),
      ...(this.#others.length === 0 ? [] : [`with ${namesOf(this.#others)}`]),
      `${this.#leaving} leaves`,
    ];
    return facts.join(' | ');
  }

  get #leaving(): string {
    return this.#options.detachKeys.map(({ name }) => name).join(' ');
  }

  get #prefix(): string {
    return this.#options.detachKeys[0]?.name ?? '';
  }
}

/** As many as a row has room for beside the rest. */
const MAX_NAMED = 3;

function namesOf(others: Others): string {
  const named = others
    .slice(0, MAX_NAMED)
    .map(({ client, read_only: isReadOnly }) => `${client}${isReadOnly ? ' (looks only)' : ''}`);
  const further = others.length - named.length;
  return [...named, ...(further > 0 ? [`${further} more`] : [])].join(', ');
}

const BEGIN_UPDATE = Buffer.from('\x1b[?2026h');
const END_UPDATE = Buffer.from('\x1b[?2026l');

/** The first of the detach keys begins the others too; twice, it detaches as well. */
function bindings(detachKeys: readonly KeySpelling[]): Bound<Action>[] {
  const [first, second] = detachKeys;
  if (first === undefined || second === undefined) return [{ keys: detachKeys, action: 'detach' }];
  const letter = (name: string) => ({ name, code: name.charCodeAt(0), isCtrl: false });
  return [
    { keys: detachKeys, action: 'detach' },
    { keys: [first, first], action: 'detach' },
    { keys: [first, letter('t')], action: 'take' },
    { keys: [first, letter('r')], action: 'release' },
    { keys: [first, letter('a')], action: 'answer' },
  ];
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
