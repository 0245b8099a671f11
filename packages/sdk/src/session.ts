/**
 * One session: its methods are those of the protocol whose names begin with `session.`, under the last word of that name
 * (`session.wait` is `waitFor`). A session is only a name for what the daemon has; any number of them may be made.
 */
import { asyncDispose } from './async-dispose.ts';
import { base64Of } from './base64.ts';
import { errorOfFacts, requireMet } from './errors.ts';
import { type ExecAnswer, type ExecOptions, runExec } from './exec.ts';
import type { Follow } from './follow.ts';
import { type ElementOptions, elementQuery, type TextOptions, textQuery } from './found.ts';
import type { CallOptions, Link, Method, PartOptions } from './link.ts';
import { Locator } from './locator.ts';
import type {
  AnswerParams,
  AnswerResult,
  AskParams,
  AskResult,
  AttachParams,
  AttachResult,
  ChangeParams,
  ChangeResult,
  ChooseParams,
  ChooseResult,
  ClickParams,
  ClickResult,
  CommandsParams,
  CommandsResult,
  Conditions,
  EventsParams,
  EventsPart,
  EventsResult,
  ExecParams,
  Exit,
  HandOverParams,
  HandOverResult,
  InputsParams,
  InputsResult,
  InspectResult,
  KeyParams,
  KeyResult,
  KillParams,
  LookParams,
  MarkRecordingResult,
  MouseParams,
  MouseResult,
  OutputParams,
  OutputResult,
  PasteParams,
  PasteResult,
  ProtocolMethods,
  ReleaseParams,
  ReleaseResult,
  RenameResult,
  ResizeParams,
  ResizeResult,
  RestartParams,
  RestartResult,
  ScreenElement,
  ScreenState,
  ScrollParams,
  ScrollResult,
  SendParams,
  SendResult,
  SessionStatus,
  SignalParams,
  SignalResult,
  SnapshotParams,
  SpawnResult,
  StartRecordingParams,
  StartRecordingResult,
  StopRecordingParams,
  StopRecordingResult,
  TagParams,
  TagResult,
  TakeParams,
  TakeResult,
  TypeParams,
  TypeResult,
  ViewParams,
  ViewResult,
  WaitResult,
  WindowParams,
  WindowResult,
} from './protocol-types.ts';
import {
  type BytesPart,
  followBytes,
  followEvents,
  followOutput,
  followScreens,
  followView,
  type OutputAnswer,
  type OutputBytesAnswer,
  type OutputTextPart,
  readOutput,
  readOutputBytes,
  type ViewUpdate,
} from './streams.ts';

/** What is sent: words as the command line takes them, or parts that say what they are. */
export type SendPart = string | SendParams['parts'][number];

/** How a session was ended by `kill()`. */
export interface Killed {
  /** It had ended before, which is no error. */
  already_ended?: true;
  /** How its program ended. */
  exit?: Exit;
  /** Processes of the session that still run. */
  survivors?: { pid: number; command: string }[];
}

interface Facts {
  link: Link;
  /** What requests call it by. */
  reference: string;
  name: string;
  created?: SpawnResult | undefined;
  /** Its connection is its own. */
  ownsLink: boolean;
}

let create: (facts: Facts) => Session;

/** A session over a link. */
export function sessionOver(facts: Facts): Session {
  return create(facts);
}

/**
 * A program on its own terminal, which the daemon keeps: it goes on when this process ends, and any process can go on
 * with it by `attach(name)`.
 *
 * What is waited for and does not come is thrown: TimeoutError, or SessionExitedError where the program ended before.
 * `error.screen` is the screen then, `error.answer` what was done nevertheless.
 */
export class Session implements AsyncDisposable {
  static {
    create = (facts) => new Session(facts);
  }

  /** What requests call it by: its id if it was spawned or attached, else the name that was given. */
  readonly reference: string;
  /** What its spawn answered; undefined where this session was not spawned here. */
  readonly created: SpawnResult | undefined;
  readonly #link: Link;
  readonly #ownsLink: boolean;
  #name: string;

  private constructor({ link, reference, name, created, ownsLink }: Facts) {
    this.#link = link;
    this.#ownsLink = ownsLink;
    this.#name = name;
    this.reference = reference;
    this.created = created;
  }

  /** Its name, as far as it is known here: another process may have renamed it. */
  get name(): string {
    return this.#name;
  }

  /**
   * Types text as it is; bytes that are no text as well. With `enter` Enter follows, once the program has read the text.
   * @throws SessionExitedError; TimeoutError if the program does not read it, or the wait is not met
   */
  async type(
    text: string | Uint8Array,
    params: Omit<TypeParams, 'text' | 'data_base64'> = {},
    options: CallOptions = {},
  ): Promise<TypeResult> {
    const typed = typeof text === 'string' ? { text } : { data_base64: base64Of(text) };
    return await this.#act('session.type', { ...params, ...typed }, options);
  }

  /**
   * Presses keys and chords, separated by spaces: `'Escape : w q Enter'`, `'Ctrl+C'`; docs/keys.md names them.
   * @throws InvalidKeyError, with nothing sent; SessionExitedError; TimeoutError if the wait is not met
   */
  async key(
    keys: string,
    params: Omit<KeyParams, 'keys'> = {},
    options: CallOptions = {},
  ): Promise<KeyResult> {
    return await this.#act('session.key', { ...params, keys }, options);
  }

  /**
   * Sends text and keys as one act: `session.send(['/needle', 'Enter', 'n'])`. A word that is the name of a key in
   * docs/keys.md is that key, another word is text; `{ text }` and `{ key }` say it outright.
   * @throws InvalidKeyError for a word that could be either, with nothing sent; SessionExitedError; TimeoutError
   */
  async send(
    parts: readonly SendPart[],
    params: Omit<SendParams, 'parts'> = {},
    options: CallOptions = {},
  ): Promise<SendResult> {
    const sent = parts.map((part) => (typeof part === 'string' ? { word: part } : part));
    return await this.#act('session.send', { ...params, parts: sent }, options);
  }

  /**
   * Pastes text, in brackets where the program has asked for that.
   * @throws SessionExitedError; TimeoutError if the program does not read it, or the wait is not met
   */
  async paste(
    text: string,
    params: Omit<PasteParams, 'text'> = {},
    options: CallOptions = {},
  ): Promise<PasteResult> {
    return await this.#act('session.paste', { ...params, text }, options);
  }

  /**
   * Clicks a cell, an element or a text. `getByText('Save').click()` waits for it, and checks that there is but one.
   * @throws MouseDisabledError where the program does not use the mouse; RefNotFoundError, RefStaleError;
   * SessionExitedError; TimeoutError if the wait is not met
   */
  async click(params: ClickParams, options: CallOptions = {}): Promise<ClickResult> {
    return await this.#act('session.click', params, options);
  }

  /**
   * Turns the mouse wheel.
   * @throws MouseDisabledError; SessionExitedError; TimeoutError if the wait is not met
   */
  async scroll(
    direction: ScrollParams['direction'],
    params: Omit<ScrollParams, 'direction'> = {},
    options: CallOptions = {},
  ): Promise<ScrollResult> {
    return await this.#act('session.scroll', { ...params, direction }, options);
  }

  /**
   * Sends one event of the mouse, or a drag.
   * @throws MouseDisabledError; SessionExitedError; TimeoutError if the wait is not met
   */
  async mouse(params: MouseParams, options: CallOptions = {}): Promise<MouseResult> {
    return await this.#act('session.mouse', params, options);
  }

  /**
   * Chooses an element by keys, as a person would without a mouse.
   * @throws RefNotFoundError, RefStaleError; ConditionFailedError where no key leads to it; SessionExitedError; TimeoutError
   */
  async choose(params: ChooseParams, options: CallOptions = {}): Promise<ChooseResult> {
    return await this.#act('session.choose', params, options);
  }

  /**
   * Sends a signal to the foreground process group: `session.signal('INT')`.
   * @throws SessionExitedError; TimeoutError if the wait is not met
   */
  async signal(
    signal: string,
    params: Omit<SignalParams, 'signal'> = {},
    options: CallOptions = {},
  ): Promise<SignalResult> {
    return await this.#act('session.signal', { ...params, signal }, options);
  }

  /**
   * Changes the size of the terminal; the program is notified.
   * @throws InvalidInputError beyond 250 000 cells; SessionExitedError; TimeoutError if the wait is not met
   */
  async resize(params: ResizeParams, options: CallOptions = {}): Promise<ResizeResult> {
    return await this.#act('session.resize', params, options);
  }

  /**
   * Present at the session until the signal aborts or the program ends; `onPart` gets who has the keyboard.
   * @throws SessionExitedError
   */
  async attach(
    params: AttachParams = {},
    options: PartOptions<'session.attach'> = {},
  ): Promise<AttachResult> {
    return await this.#request('session.attach', params, options);
  }

  /** The window of an attachment has another size. */
  async window(params: WindowParams, options: CallOptions = {}): Promise<WindowResult> {
    return await this.#request('session.window', params, options);
  }

  /**
   * Only this client may type: until `release()`, for `for_ms`, or as long as it is connected.
   * @throws KeyboardTakenError when another client has the keyboard; SessionExitedError
   */
  async take(params: TakeParams = {}, options: CallOptions = {}): Promise<TakeResult> {
    return await this.#request('session.take', params, options);
  }

  /**
   * Everyone may type again.
   * @throws KeyboardTakenError when another client has the keyboard
   */
  async release(params: ReleaseParams = {}, options: CallOptions = {}): Promise<ReleaseResult> {
    return await this.#request('session.release', params, options);
  }

  /**
   * Asks a person to type something; with `until_released` answers when they are done.
   * @throws TimeoutError when nobody has released the keyboard in time; KeyboardTakenError
   */
  async handOver(
    message: string,
    params: Omit<HandOverParams, 'message'> = {},
    options: CallOptions = {},
  ): Promise<HandOverResult> {
    return await this.#request('session.hand_over', { ...params, message }, options);
  }

  /**
   * Asks a person for a secret, as a program of a session of `askpass: true` does; null where they decline.
   * @throws TimeoutError when nobody has answered in time
   */
  async ask(
    prompt: string,
    params: Omit<AskParams, 'prompt'> = {},
    options: CallOptions = {},
  ): Promise<AskResult> {
    return await this.#request('session.ask', { ...params, prompt }, options);
  }

  /**
   * Gives a program the secret that it asks a person for: `{ text }`, or `{ cancel: true }`.
   * @throws ConditionFailedError when there is no such question
   */
  async answer(params: AnswerParams, options: CallOptions = {}): Promise<AnswerResult> {
    return await this.#request('session.answer', params, options);
  }

  /**
   * The screen: at once, or once it has changed (`await_change`), settled (`settle_ms`), or `wait` is met.
   * @throws TimeoutError, SessionExitedError if `wait` is not met; SessionNotFoundError
   */
  async snapshot(params: SnapshotParams = {}, options: CallOptions = {}): Promise<ScreenState> {
    return await this.#act('session.snapshot', params, options);
  }

  /**
   * The text of the screen now, one line a row, without trailing blanks.
   * @throws SessionNotFoundError
   */
  async text(options: CallOptions = {}): Promise<string> {
    return (await this.snapshot({}, options)).text ?? '';
  }

  /**
   * Waits until all conditions are met at the same time: `session.waitFor({ text: 'ready' })`.
   * @throws TimeoutError at the deadline, SessionExitedError if the program ends before: both with the screen
   */
  async waitFor(conditions: Conditions, options: CallOptions = {}): Promise<WaitResult> {
    const answer = await this.#request('session.wait', conditions, options);
    requireMet(answer, answer, conditions);
    return answer;
  }

  /**
   * Runs a command in the shell of the session, or code in a REPL at its prompt, and answers with all of its output. An
   * exit code that is not 0 is an answer, no error.
   * @throws ConditionFailedError where nothing waits at a prompt, with nothing sent; TimeoutError at the deadline, with the
   * output so far as `answer`: the command runs on, and `execRest()` waits for it
   */
  async exec(
    command: string,
    params: Omit<ExecParams, 'command' | 'wait'> = {},
    options: ExecOptions = {},
  ): Promise<ExecAnswer> {
    const request = { ...params, command, session: this.reference };
    return await runExec(this.#link, request, options);
  }

  /**
   * Waits for the command that was still running at its deadline, and answers with the rest of its output.
   * @throws TimeoutError at the deadline again; UnavailableError where none is running
   */
  async execRest(
    params: Pick<ExecParams, 'timeout_ms'> = {},
    options: ExecOptions = {},
  ): Promise<ExecAnswer> {
    const request = { ...params, wait: true, session: this.reference };
    return await runExec(this.#link, request, options);
  }

  /**
   * What was printed, as readable lines: all that is retained, from an offset on, or of one command.
   * @throws InvalidInputError for an offset there is not yet; UnavailableError for a command that is not retained
   */
  async output(
    params: Omit<OutputParams, 'format' | 'follow'> = {},
    options: CallOptions = {},
  ): Promise<OutputAnswer> {
    return await readOutput(this.#link, { ...params, session: this.reference }, options);
  }

  /**
   * The same as the exact bytes.
   * @throws InvalidInputError, UnavailableError as `output()`
   */
  async outputBytes(
    params: Omit<OutputParams, 'format' | 'follow'> = {},
    options: CallOptions = {},
  ): Promise<OutputBytesAnswer> {
    return await readOutputBytes(this.#link, { ...params, session: this.reference }, options);
  }

  /**
   * Follows what is printed, as readable text, until the program or the command ends. Each part has the `next_offset`
   * from which another loop goes on.
   */
  followOutput(
    params: Omit<OutputParams, 'format' | 'follow'> = {},
    options: CallOptions = {},
  ): Follow<OutputTextPart, OutputResult> {
    return followOutput(this.#link, { ...params, session: this.reference }, options);
  }

  /** Follows what is printed, as the exact bytes: none twice, and none left out but those that a part counts as missed. */
  followBytes(
    params: Omit<OutputParams, 'format' | 'follow'> = {},
    options: CallOptions = {},
  ): Follow<BytesPart, OutputResult> {
    return followBytes(this.#link, { ...params, session: this.reference }, options);
  }

  /** Follows the events of this session; docs/protocol.md, `events.follow`. Each part has the `event_cursor` to go on from. */
  events(
    params: Omit<EventsParams, 'sessions' | 'tags'> = {},
    options: CallOptions = {},
  ): Follow<EventsPart, EventsResult> {
    return followEvents(this.#link, { ...params, sessions: [this.reference] }, options);
  }

  /**
   * The screen, and again each time it has changed, until the program has ended. A reader that is slow is given the latest
   * one, not those in between.
   * @param params what to show of it, and how long it must have been still before it is shown
   */
  changes(
    params: Pick<SnapshotParams, keyof LookParams | 'settle_ms'> = {},
    options: CallOptions = {},
  ): Follow<ScreenState, undefined> {
    return followScreens(this.#link, { ...params, session: this.reference }, options);
  }

  /** What to write to a terminal emulator so that it shows the same: first a screen, then output as it comes. */
  view(params: ViewParams = {}, options: CallOptions = {}): Follow<ViewUpdate, ViewResult> {
    return followView(this.#link, { ...params, session: this.reference }, options);
  }

  /**
   * What ran in a shell that marks its commands, oldest first.
   * @throws SessionNotFoundError
   */
  async commands(
    params: CommandsParams = {},
    options: CallOptions = {},
  ): Promise<CommandsResult['commands']> {
    return (await this.#request('session.commands', params, options)).commands;
  }

  /**
   * What was typed, pressed and clicked in a session that was spawned with `keep_input`; with a `format` also as a test
   * or a script that does it again, in `text`.
   * @throws SessionNotFoundError; UnavailableError where nothing was recorded
   */
  async inputs(params: InputsParams = {}, options: CallOptions = {}): Promise<InputsResult> {
    return await this.#request('session.inputs', params, options);
  }

  /**
   * Records it into a new file, from now on; docs/recording.md.
   * @throws UnavailableError if the file cannot be created; InvalidInputError, SessionExitedError, LimitReachedError
   */
  async startRecording(
    params: StartRecordingParams = {},
    options: CallOptions = {},
  ): Promise<StartRecordingResult['recording']> {
    return (await this.#request('recording.start', params, options)).recording;
  }

  /**
   * Ends its recordings, or the one into `file`, once all is in the file.
   * @throws UnavailableError if none is under way
   */
  async stopRecording(
    params: StopRecordingParams = {},
    options: CallOptions = {},
  ): Promise<StopRecordingResult> {
    return await this.#request('recording.stop', params, options);
  }

  /**
   * Adds a marker to its recordings.
   * @throws UnavailableError if none is under way
   */
  async markRecording(label = '', options: CallOptions = {}): Promise<MarkRecordingResult['marks']> {
    return (await this.#request('recording.mark', { label }, options)).marks;
  }

  /**
   * All that a bug report needs of it: state, screen, output of the last minute, events, log.
   * @throws SessionNotFoundError
   */
  async inspect(options: CallOptions = {}): Promise<InspectResult> {
    return await this.#request('session.inspect', {}, options);
  }

  /**
   * State, process, size, title, modes, foreground process, idle time, retention and exit.
   * @throws SessionNotFoundError
   */
  async status(options: CallOptions = {}): Promise<SessionStatus> {
    return await this.#request('session.status', {}, options);
  }

  /**
   * Gives it another name; its id stays.
   * @throws SessionExistsError, InvalidNameError, SessionExitedError
   */
  async rename(name: string, options: CallOptions = {}): Promise<RenameResult> {
    const renamed = await this.#request('session.rename', { name }, options);
    this.#name = renamed.name;
    return renamed;
  }

  /**
   * Adds and removes tags; answers with those it has then.
   * @throws InvalidInputError; LimitReachedError beyond 64
   */
  async tag(params: TagParams, options: CallOptions = {}): Promise<TagResult> {
    return await this.#request('session.tag', params, options);
  }

  /**
   * Changes name, tags and size at once, or nothing.
   * @throws SessionExistsError, InvalidNameError, InvalidInputError, SessionExitedError
   */
  async change(params: ChangeParams, options: CallOptions = {}): Promise<ChangeResult> {
    const changed = await this.#request('session.change', params, options);
    this.#name = changed.name;
    return changed;
  }

  /**
   * Ends the program and every process that has its terminal open: a signal, and KILL after `grace_ms`.
   * @throws the error of docs/errors.md if it did not end; SessionNotFoundError
   */
  async kill(
    params: Pick<KillParams, 'signal' | 'grace_ms'> = {},
    options: CallOptions = {},
  ): Promise<Killed> {
    const { results } = await this.#request('session.kill', params, options);
    const [result] = results;
    if (result?.error !== undefined) throw errorOfFacts(result.error);
    const { already_ended, exit, survivors } = result ?? {};
    return {
      ...(already_ended && { already_ended }),
      ...(exit && { exit }),
      ...(survivors && { survivors }),
    };
  }

  /**
   * Runs the program again in this session, on a terminal of the size it has now; ends it first if it runs. Who looks on
   * or waits goes on.
   * @throws SpawnFailedError, with nothing done, if the program or its directory is gone; SessionNotFoundError
   */
  async restart(
    params: Omit<RestartParams, 'session'> = {},
    options: CallOptions = {},
  ): Promise<RestartResult> {
    return await this.#request('session.restart', params, options);
  }

  /** A way to find a text on the screen. A string is found as it is; it must stand in one row. */
  getByText(text: string | RegExp, options: TextOptions = {}): Locator {
    return new Locator(this, textQuery(text, options));
  }

  /** A way to find what a person would take for a control: `getByElement('button', { text: 'OK' })`; docs/elements.md. */
  getByElement(kind: ScreenElement['kind'], options: ElementOptions = {}): Locator {
    return new Locator(this, elementQuery(kind, options));
  }

  /** Lets go of it: closes the connection if it was made for this session alone. The program goes on. */
  async detach(): Promise<void> {
    if (this.#ownsLink) await this.#link.close();
  }

  /** `await using`: ends the program if it was spawned here, and lets go of the session. */
  async [asyncDispose](): Promise<void> {
    try {
      if (this.created !== undefined) await this.kill();
    } finally {
      await this.detach();
    }
  }

  async #request<M extends Method>(
    method: M,
    params: Omit<ProtocolMethods[M]['params'], 'session'>,
    options: CallOptions,
  ): Promise<ProtocolMethods[M]['result']> {
    const request = { ...params, session: this.reference } as ProtocolMethods[M]['params'];
    return await this.#link.main.request(method, request, options);
  }

  /** @throws where the act was asked to wait and the wait was not met */
  async #act<M extends ActMethod>(
    method: M,
    params: Omit<ProtocolMethods[M]['params'], 'session'> & { wait?: Conditions | undefined },
    options: CallOptions,
  ): Promise<ProtocolMethods[M]['result']> {
    const answer = await this.#request(method, params, options);
    requireMet(answer.wait, answer, params.wait);
    return answer;
  }
}

/** Those that can be asked to wait. */
type ActMethod = {
  [M in Method]: ProtocolMethods[M]['result'] extends { wait?: WaitResult } ? M : never;
}[Method];
