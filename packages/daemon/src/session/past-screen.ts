/**
 * The screen of a session as it was at a moment: its output drawn again, on a screen of its own, in turn with that of the
 * sessions that run.
 */
import { type Exit, VERSION } from '@pilotty/protocol';
import { Screen } from '@pilotty/terminal';
import type { Until } from '../call.ts';
import { OutputPipeline } from '../pty/output-pipeline.ts';
import type { OutputMoment } from '../pty/output-times.ts';
import type { Scheduler } from '../pty/scheduler.ts';
import { Announcer, until } from '../until.ts';
import { PastLooks } from './past-looks.ts';
import type { SessionReference } from './reference.ts';
import type { KnownScreen, Resize } from './screen-history.ts';
import type { Session } from './session.ts';

/** What waits to be drawn is a copy. */
const PIECE_BYTES = 64 * 1024;

/** What of a session is needed. */
export type Printed = Pick<Session, 'reference' | 'scrollback' | 'term' | 'retention'>;

export class PastScreen {
  readonly screen: Screen;
  readonly reference: SessionReference;
  readonly parsedSeq: number;
  /** None: nobody can ask what has changed since. */
  readonly revision = 0;
  readonly pastLooks = new PastLooks();
  /** Nothing is drawn on it any more. */
  readonly times = { drawn: 0 };
  exit: Exit | undefined;

  constructor(session: Printed, { cols, rows }: KnownScreen, { seq }: OutputMoment) {
    this.reference = session.reference;
    this.parsedSeq = seq;
    const { scrollback, term } = session;
    this.screen = new Screen({ cols, rows, scrollback, term, version: VERSION });
  }

  get contentHash(): number {
    return this.screen.hash();
  }

  pauseDrawing(): () => void {
    return () => {};
  }

  /** Nothing was printed after it. */
  end(exit: Exit | undefined): void {
    this.screen.end();
    this.exit = exit;
  }

  /** Idempotent. */
  close(): void {
    this.screen.dispose();
  }
}

/**
 * Draws on `past` what the session printed between two moments.
 * @returns whether it is drawn: output may be dropped, or `deadline` pass, before it is
 */
export async function drawAgain(
  session: Printed,
  past: PastScreen,
  { from, resizes }: { from: KnownScreen; resizes: readonly Resize[] },
  { offset: end }: OutputMoment,
  { scheduler, deadline }: { scheduler: Scheduler; deadline: Until },
): Promise<'drawn' | 'dropped' | 'late'> {
  const { screen } = past;
  const drawing = new Drawing(screen, scheduler, session);
  try {
    if (!(await drawing.draw(from.bytes, deadline))) return 'late';
    let at = from.offset;
    for (const resize of [...resizes, undefined]) {
      for (const pieceEnd = resize?.offset ?? end; at < pieceEnd; ) {
        if (at < session.retention.start) return 'dropped';
        const bytes = session.retention.read(at, Math.min(PIECE_BYTES, pieceEnd - at));
        at += bytes.length;
        if (!(await drawing.draw(bytes, deadline))) return 'late';
      }
      if (resize) screen.resize(resize.cols, resize.rows);
    }
    return 'drawn';
  } finally {
    drawing.close();
  }
}

class Drawing {
  readonly #pipeline: OutputPipeline;
  readonly #parsed = new Announcer();
  #pieces = 0;

  constructor(screen: Screen, scheduler: Scheduler, { scrollback, reference }: Printed) {
    const name = () => reference.session;
    const nothing = () => {};
    const announced = () => {
      // The program has been answered, and what it announced was emitted, when that was now.
      screen.takeReplies();
      screen.takeSignals();
    };
    const listener = {
      announced,
      parsed: () => this.#parsed.announce(),
      before: nothing,
      full: nothing,
      free: nothing,
      failed: nothing,
    };
    this.#pipeline = new OutputPipeline(screen, scheduler, listener, { scrollback, name });
  }

  /** @returns whether it was drawn before the deadline passed */
  async draw(bytes: Uint8Array, deadline: Until): Promise<boolean> {
    if (bytes.length === 0) return !deadline.isOver;
    this.#pieces += 1;
    this.#pipeline.push(this.#pieces, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    this.#pipeline.schedule();
    await until(this.#parsed, () => this.#pipeline.isEmpty, deadline);
    return this.#pipeline.isEmpty;
  }

  close(): void {
    this.#pipeline.close();
  }
}
