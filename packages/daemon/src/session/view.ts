/**
 * One viewer of a session: what a terminal at the other end must be fed to show the same.
 *
 * A screen is taken at the moment it is asked for, and what is drawn after that moment follows, so no
 * byte is shown twice or never. What waits for a reader is bounded: beyond that the next part is a
 * screen again. So it is after a resize, because no two emulators fold lines alike. Nothing here holds
 * the program back.
 */
import { replayBytes } from '@pilotty/terminal';
import { MAX_VIEW_BYTES } from '../limits.ts';
import { Announcer, until } from '../until.ts';
import type { Session } from './session.ts';

export type ViewPart =
  | { type: 'screen'; data: Uint8Array; size: { cols: number; rows: number }; seq: number }
  | { type: 'output'; data: Uint8Array; seq: number };

export class View {
  readonly #session: Session;
  readonly #scrollback: number;
  readonly #stopFollowing: () => void;
  readonly #stopWatching: () => void;
  #needsScreen = true;
  #drawn: Uint8Array[] = [];
  #parsedBytes = 0;
  readonly #changed = new Announcer();

  constructor(session: Session, { scrollback }: { scrollback: number }) {
    this.#session = session;
    this.#scrollback = scrollback;
    this.#stopFollowing = session.followDrawing((piece) => this.#keep(piece));
    this.#stopWatching = session.watch((event) => {
      if (event === 'resized') this.#startOver();
      if (event === 'resized' || event === 'drawn' || event === 'exited') this.#changed.announce();
    });
  }

  /** What has come since the last part; undefined when there is nothing. */
  take(): ViewPart | undefined {
    const seq = this.#session.parsedSeq;
    const parts = this.#drawn;
    this.#drawn = [];
    this.#parsedBytes = 0;
    if (this.#needsScreen) {
      this.#needsScreen = false;
      const { screen } = this.#session;
      const data = replayBytes(screen, { scrollback: this.#scrollback });
      return { type: 'screen', data, size: screen.size, seq };
    }
    return parts.length === 0 ? undefined : { type: 'output', data: Buffer.concat(parts), seq };
  }

  /** Resolves when there is something to take, the session has exited, or the viewer is gone. */
  async more(signal: AbortSignal): Promise<void> {
    await until(this.#changed, () => this.#needsScreen || this.#drawn.length > 0 || this.#session.isExited, {
      signal,
    });
  }

  /** Idempotent. */
  close(): void {
    this.#stopFollowing();
    this.#stopWatching();
    this.#drawn = [];
  }

  #keep(piece: Uint8Array): void {
    // The screen that is owed will have it.
    if (this.#needsScreen) return;
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
