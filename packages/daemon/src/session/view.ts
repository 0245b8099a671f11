/**
 * One viewer of a session: what a terminal at the other end must be fed to show the same.
 *
 * A screen is taken at the moment it is asked for, and what is drawn after that moment follows, so no
 * byte is shown twice or never. What waits for a reader is bounded: beyond that the next part is a
 * screen again. So it is after a resize, because no two emulators fold lines alike. Nothing here holds
 * the program back.
 *
 * For a window of another size than the session, or where it is asked for, the screen is drawn instead: whole, then what
 * has changed.
 */
import { FrameDrawer, replayBytes } from '@pilotty/terminal';
import { MAX_VIEW_BYTES } from '../limits.ts';
import { Announcer, until } from '../until.ts';
import type { Size } from './attachments.ts';
import type { Session } from './session.ts';

export type ViewPart =
  | { type: 'screen'; data: Uint8Array; size: Size; seq: number }
  | { type: 'output'; data: Uint8Array; seq: number };

export class View {
  readonly #session: Session;
  readonly #scrollback: number;
  readonly #stopFollowing: () => void;
  readonly #stopWatching: () => void;
  readonly #window: Size | undefined;
  readonly #isAlwaysDrawn: boolean;
  #drawer: FrameDrawer | undefined;
  #hasChanged = false;
  #needsScreen = true;
  #drawn: Uint8Array[] = [];
  #parsedBytes = 0;
  readonly #changed = new Announcer();

  constructor(
    session: Session,
    { scrollback, window, drawn = false }: { scrollback: number; window?: Size | undefined; drawn?: boolean },
  ) {
    this.#session = session;
    this.#window = window;
    this.#isAlwaysDrawn = drawn;
    this.#scrollback = scrollback;
    this.#stopFollowing = session.followDrawing((piece) => this.#keep(piece));
    this.#stopWatching = session.watch((event) => {
      if (event === 'resized') this.#startOver();
      if (event === 'drawn' || event === 'exited') this.#hasChanged = true;
      if (event === 'resized' || event === 'drawn' || event === 'exited') this.#changed.announce();
    });
  }

  /** What has come since the last part; undefined when there is nothing. */
  take(): ViewPart | undefined {
    const seq = this.#session.parsedSeq;
    const parts = this.#drawn;
    this.#drawn = [];
    this.#parsedBytes = 0;
    const { screen } = this.#session;
    const isNew = this.#needsScreen;
    if (isNew) {
      this.#needsScreen = false;
      this.#drawer = this.#newDrawer();
    }
    if (this.#drawer) return this.#draw(this.#drawer, seq, isNew);
    if (isNew) {
      const data = replayBytes(screen, { scrollback: this.#scrollback });
      return { type: 'screen', data, size: screen.size, seq };
    }
    return parts.length === 0 ? undefined : { type: 'output', data: Buffer.concat(parts), seq };
  }

  /** Resolves when there is something to take, the session has exited, or the viewer is gone. */
  async more(signal: AbortSignal): Promise<void> {
    const isMore = () =>
      this.#needsScreen || this.#drawn.length > 0 || this.#isDrawingDue || this.#session.isExited;
    await until(this.#changed, isMore, { signal });
  }

  /** Whether the parts are drawings, which need not be as many as the changes. */
  get isDrawn(): boolean {
    return this.#drawer !== undefined;
  }

  get #isDrawingDue(): boolean {
    return this.#drawer !== undefined && this.#hasChanged && !this.#session.isHalfDrawn;
  }

  #draw(drawer: FrameDrawer, seq: number, isNew: boolean): ViewPart | undefined {
    if (!isNew && !this.#isDrawingDue) return undefined;
    this.#hasChanged = false;
    const { screen } = this.#session;
    const { data, isWhole } = drawer.draw(screen);
    if (isWhole) return { type: 'screen', data, size: screen.size, seq };
    return data.length === 0 ? undefined : { type: 'output', data, seq };
  }

  /** Undefined where the program's own output draws the same. */
  #newDrawer(): FrameDrawer | undefined {
    const { size } = this.#session.screen;
    const window = this.#window ?? size;
    const isSame = window.cols === size.cols && window.rows === size.rows;
    return this.#isAlwaysDrawn || !isSame ? new FrameDrawer(window) : undefined;
  }

  /** Idempotent. */
  close(): void {
    this.#stopFollowing();
    this.#stopWatching();
    this.#drawn = [];
  }

  #keep(piece: Uint8Array): void {
    // The screen that is owed will have it.
    if (this.#needsScreen || this.#drawer) return;
    this.#drawn.push(piece);
    this.#parsedBytes += piece.length;
    if (this.#parsedBytes > MAX_VIEW_BYTES) this.#startOver();
  }

  #startOver(): void {
    this.#needsScreen = true;
    this.#drawn = [];
    this.#parsedBytes = 0;
  }
}
