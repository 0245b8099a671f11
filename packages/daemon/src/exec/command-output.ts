/**
 * What one command printed: through its two FIFOs, and on the terminal where it has that as its streams or
 * where its shell says there what belongs on stderr.
 */
import type { Session } from '../session/session.ts';
import { until } from '../until.ts';
import type { ChannelFiles } from './dialects/channel-files.ts';
import type { Dialect } from './dialects/dialect.ts';
import type { Piece } from './execution.ts';
import { JobNotices } from './job-notices.ts';
import { OutputChannel } from './output-channel.ts';
import { plainText } from './plain-text.ts';
import { TerminalCapture } from './terminal-capture.ts';

/** For what no shell waits for: the last words of `>(…)`, and of a child that outlived its pipeline. */
const DRAIN_GRACE_MS = 100;
/** For the mark on the terminal, after the report that came another way. */
const MARK_MS = 1000;
const NOTHING = Buffer.alloc(0);

interface OpenStream {
  stream: Piece['stream'];
  channel: OutputChannel;
}

export class CommandOutput {
  readonly #session: Session;
  readonly #isPty: boolean;
  readonly #holdsLine: boolean;
  readonly #channels: readonly [out: OpenStream, err: OpenStream];
  readonly #terminal: TerminalCapture | undefined;
  readonly notices = new JobNotices();
  #fromTerminal: Buffer[] = [];
  /** The end of stderr, without notices. */
  #lastError: Buffer = NOTHING;
  #isEnded = false;

  /**
   * @param changed is called after more has come through a FIFO
   * @param options with `holdsLine`, a line on the terminal is taken once it is whole, or the command has ended
   */
  constructor(
    session: Session,
    files: ChannelFiles,
    options: { dialect: Dialect; nonce: string; isPty: boolean; holdsLine: boolean },
    changed: () => void,
  ) {
    this.#session = session;
    const { dialect, nonce, isPty } = options;
    this.#isPty = isPty;
    this.#holdsLine = options.holdsLine;
    const out = new OutputChannel(files.out, changed);
    try {
      const err = new OutputChannel(files.err, changed);
      this.#channels = [
        { stream: 'stdout', channel: out },
        { stream: 'stderr', channel: err },
      ];
    } catch (error) {
      out.close();
      throw error;
    }
    const isOnTerminal = isPty || dialect.speaksOnTerminal;
    this.#terminal = isOnTerminal ? new TerminalCapture(session, nonce, dialect.afterMark) : undefined;
  }

  get droppedBytes(): number {
    const dropped = this.#channels.reduce((sum, { channel }) => sum + channel.droppedBytes, 0);
    return dropped + (this.#terminal?.droppedBytes ?? 0);
  }

  attend(isAttended: boolean): void {
    for (const { channel } of this.#channels) channel.attend(isAttended);
  }

  /** What was printed and not taken yet. */
  take(): Piece[] {
    const pieces: Piece[] = [];
    // What a shell says on the terminal is made plain as a whole, once it is whole.
    if (this.#isPty && !this.#isEnded) this.#collect();
    const stream = this.#isPty ? 'stdout' : 'stderr';
    if (this.#isPty || this.#isEnded) {
      for (const bytes of this.#takeFromTerminal()) pieces.push({ stream, bytes });
    }
    for (const { stream: name, channel } of this.#channels) {
      const bytes = name === 'stdout' ? channel.take() : this.#takeError(channel);
      if (bytes && bytes.length > 0) pieces.push({ stream: name, bytes });
    }
    return pieces;
  }

  #takeError(channel: OutputChannel): Buffer {
    const last = this.#lastError;
    this.#lastError = NOTHING;
    const rest = this.notices.filter(channel.take() ?? NOTHING, this.#isEnded);
    return last.length === 0 ? rest : Buffer.concat([last, rest]);
  }

  /**
   * Reads what there is after the end of the command.
   * @param hasMark the command ended in its shell, which marks that on the terminal
   * @param isReplaced another shell stands at its prompt in the last line, which is not the command's
   * @returns what its shell or REPL said on the terminal, as plain text
   */
  async finish(hasMark: boolean, isReplaced: boolean): Promise<string> {
    if (this.#terminal && hasMark) await this.#endOnTerminal(this.#terminal);
    // An end that the kernel showed may be seen before what was printed until then is read.
    else this.#session.arrived.readAndDraw();
    this.#collect();
    const last = this.#terminal?.close();
    if (last) this.#fromTerminal.push(last);
    if (isReplaced) this.#fromTerminal = [wholeLines(Buffer.concat(this.#fromTerminal))];
    const said = this.#isPty ? '' : this.#makePlain();
    if (!this.#drain()) await this.#leftover();
    this.#drain();
    this.#isEnded = true;
    // Which notices there were is asked now, and what came last may not have been taken yet.
    const [, { channel }] = this.#channels;
    this.#lastError = this.#takeError(channel);
    return said;
  }

  /** Reads on and drops it, so that a background job neither waits nor dies. @param then is called when the last writer has closed it */
  discard(then: () => void): void {
    let open = this.#channels.length;
    for (const { channel } of this.#channels) {
      channel.discard(() => {
        open -= 1;
        if (open === 0) then();
      });
    }
  }

  #drain(): boolean {
    return this.#channels.map(({ channel }) => channel.drain()).every((isEnded) => isEnded);
  }

  #leftover(): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(done, DRAIN_GRACE_MS);
      void Promise.all(this.#channels.map(({ channel }) => channel.ended)).then(done);
    });
  }

  /** Until the mark of the end has been read. */
  async #endOnTerminal(terminal: TerminalCapture): Promise<void> {
    const session = this.#session;
    const isEnded = () => {
      this.#collect();
      return terminal.isEnded || session.isExited;
    };
    await until(session, isEnded, { withinMs: MARK_MS });
  }

  #collect(): void {
    const bytes = this.#terminal?.take();
    if (bytes) this.#fromTerminal.push(bytes);
  }

  #takeFromTerminal(): Buffer[] {
    const taken = this.#fromTerminal.splice(0);
    if (!this.#holdsLine || this.#isEnded) return taken;
    const bytes = Buffer.concat(taken);
    const lines = wholeLines(bytes);
    if (lines.length < bytes.length) this.#fromTerminal.push(bytes.subarray(lines.length));
    return lines.length > 0 ? [lines] : [];
  }

  #makePlain(): string {
    if (this.#fromTerminal.length === 0) return '';
    const text = plainText(Buffer.concat(this.#fromTerminal));
    this.#fromTerminal = [text];
    return text.toString();
  }
}

function wholeLines(bytes: Buffer): Buffer {
  return bytes.subarray(0, bytes.lastIndexOf('\n') + 1);
}
