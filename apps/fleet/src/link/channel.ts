/**
 * One end of a conversation in lines over messages that may be lost, doubled or late. Lines arrive whole, in their order
 * and once, or the link is given up: nothing is left out silently, and an act that is sent twice is done once.
 *
 * Each piece of a line has a number. What the other end has not taken is kept, and sent again from the first that is
 * missing. So many bytes may be on their way; what is more waits here, and who fills it is made to wait (`isFull`).
 * An end that is paused takes nothing, which fills the window of the other.
 */
import { type Frame, type FrameKind, NOTHING } from './frame.ts';
import { WINDOW_BYTES, type Window } from './window.ts';

/** The other end may have a larger window than we asked it for, and send its pieces larger than ours. */
const MAX_UNTAKEN_BYTES = 2 * WINDOW_BYTES;
/** As a daemon's connection: a longer line is refused there. */
const MAX_LINE_BYTES = 32 * 1024 * 1024;

/** @param T what a line is sent as, such as a subject: all its pieces have it */
export interface ChannelEnds<T> {
  send(frame: Omit<Frame, 'link'>, as: T | undefined): void;
  line(line: string, as: T): void;
  /** What waited for the window has gone out. */
  drained(): void;
  /** The other end breaks the rules. */
  failed(reason: string): void;
}

interface Piece<T> {
  seq: number;
  kind: 'part' | 'end' | 'void';
  payload: Uint8Array;
  as: T;
}

export class Channel<T> {
  readonly #ends: ChannelEnds<T>;
  readonly #window: Window;
  /** Sent, and not taken yet. */
  #onItsWay: Piece<T>[] = [];
  #onItsWayBytes = 0;
  readonly #waiting: Piece<T>[] = [];
  #nextSeq = 1;
  #sent = 0;
  #received = 0;
  #taken = 0;
  #saidTaken = 0;
  #bytesSinceSaid = 0;
  /** The gap for which sending again was asked already. */
  #askedAgainFor = -1;
  readonly #untaken: Piece<T>[] = [];
  #untakenBytes = 0;
  #parts: Uint8Array[] = [];
  #partBytes = 0;
  #partsAs: T | undefined;
  #isPaused = false;
  #isTaking = false;

  constructor(ends: ChannelEnds<T>, window: Window) {
    this.#ends = ends;
    this.#window = window;
  }

  get isFull(): boolean {
    return this.#waiting.length > 0;
  }

  /** Nothing is on its way, and nothing waits. */
  get isDelivered(): boolean {
    return this.#onItsWay.length === 0 && this.#waiting.length === 0;
  }

  push(line: string, as: T): void {
    const bytes = Buffer.from(line);
    const { maxPieceBytes } = this.#window;
    for (let at = 0; at === 0 || at < bytes.length; at += maxPieceBytes) {
      const end = at + maxPieceBytes;
      const kind = end < bytes.length ? 'part' : 'end';
      this.#waiting.push({ seq: this.#nextSeq++, kind, payload: bytes.subarray(at, end), as });
    }
    this.#sendWaiting();
  }

  receive({ kind, seq, taken, received, sent, payload }: Omit<Frame, 'link'>, as: T): void {
    this.#forget(taken);
    if (kind === 'part' || kind === 'end' || kind === 'void') {
      if (seq === this.#received + 1) {
        this.#received = seq;
        this.#untaken.push({ seq, kind, payload, as });
        this.#untakenBytes += payload.length;
        this.#take();
        if (this.#untakenBytes > MAX_UNTAKEN_BYTES) this.#ends.failed('it sends more than may be on its way');
      } else if (seq > this.#received + 1) this.#askAgain();
      return;
    }
    if (kind === 'gap') this.#sendAgainFrom(received + 1);
    // Messages of one sender come in their order: what it has sent before this is lost.
    if (sent > this.#received) this.#askAgain();
  }

  /** Called again and again: says what was taken, and so what is missing. */
  beat(): void {
    this.#askedAgainFor = -1;
    this.#say('beat');
  }

  /** All that may have been lost, after the way was cut. */
  sendAgain(): void {
    this.#sendAgainFrom(0);
    this.beat();
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#take();
  }

  /** Lines that may not be sent as this. Their numbers go out without them. @returns them, each once */
  withdraw(as: T, instead: T): string[] {
    const lines: string[] = [];
    let parts: Uint8Array[] = [];
    for (const piece of [...this.#onItsWay, ...this.#waiting]) {
      if (piece.as !== as || piece.kind === 'void') continue;
      parts.push(piece.payload);
      if (piece.kind === 'end') {
        lines.push(Buffer.concat(parts).toString());
        parts = [];
      }
      if (piece.seq <= this.#sent) this.#onItsWayBytes -= piece.payload.length;
      Object.assign(piece, { kind: 'void', payload: NOTHING, as: instead });
    }
    this.sendAgain();
    return lines;
  }

  #sendWaiting(): void {
    const wasFull = this.isFull;
    while (this.#waiting.length > 0 && this.#onItsWayBytes < this.#window.windowBytes) {
      const piece = this.#waiting.shift() as Piece<T>;
      this.#onItsWay.push(piece);
      this.#onItsWayBytes += piece.payload.length;
      this.#sent = piece.seq;
      this.#sendPiece(piece);
    }
    if (wasFull && !this.isFull) this.#ends.drained();
  }

  #sendPiece({ seq, kind, payload, as }: Piece<T>): void {
    this.#saidTaken = this.#taken;
    this.#bytesSinceSaid = 0;
    this.#ends.send({ kind, seq, payload, ...this.#numbers() }, as);
  }

  #say(kind: FrameKind): void {
    this.#saidTaken = this.#taken;
    this.#bytesSinceSaid = 0;
    this.#ends.send({ kind, seq: 0, payload: NOTHING, ...this.#numbers() }, undefined);
  }

  #numbers() {
    return { taken: this.#taken, received: this.#received, sent: this.#sent };
  }

  #forget(taken: number): void {
    const before = this.#onItsWay.length;
    if (before === 0 || (this.#onItsWay[0] as Piece<T>).seq > taken) return;
    for (const { seq, payload } of this.#onItsWay) if (seq <= taken) this.#onItsWayBytes -= payload.length;
    this.#onItsWay = this.#onItsWay.filter(({ seq }) => seq > taken);
    this.#sendWaiting();
  }

  #sendAgainFrom(seq: number): void {
    for (const piece of this.#onItsWay) if (piece.seq >= seq) this.#sendPiece(piece);
  }

  #askAgain(): void {
    if (this.#askedAgainFor === this.#received) return;
    this.#askedAgainFor = this.#received;
    this.#say('gap');
  }

  #take(): void {
    // A line may make its reader pause, and resume.
    if (this.#isTaking) return;
    this.#isTaking = true;
    try {
      while (!this.#isPaused && this.#untaken.length > 0) this.#takeOne(this.#untaken.shift() as Piece<T>);
    } finally {
      this.#isTaking = false;
    }
    if (this.#bytesSinceSaid >= this.#window.sayTakenBytes && this.#saidTaken < this.#taken)
      this.#say('beat');
  }

  #takeOne({ seq, kind, payload, as }: Piece<T>): void {
    this.#taken = seq;
    this.#untakenBytes -= payload.length;
    this.#bytesSinceSaid += payload.length;
    if (kind === 'void') {
      this.#parts = [];
      this.#partBytes = 0;
      return;
    }
    if (this.#parts.length > 0 && this.#partsAs !== as) {
      this.#ends.failed('the parts of a line were sent as different requests');
      return;
    }
    this.#partsAs = as;
    this.#parts.push(payload);
    this.#partBytes += payload.length;
    if (this.#partBytes > MAX_LINE_BYTES) {
      this.#ends.failed(`a message is longer than ${MAX_LINE_BYTES} bytes`);
      return;
    }
    if (kind === 'part') return;
    const line = Buffer.concat(this.#parts).toString();
    this.#parts = [];
    this.#partBytes = 0;
    this.#ends.line(line, as);
  }
}
