/**
 * Plays a recording in a terminal: drawn on the alternate screen, row by row as an emulator of ours shows it. Nothing that
 * the recorded program sent reaches the terminal, so that it is left as it was found, whatever was recorded.
 */
import { type CastEvent, Timeline } from '@pilotty/asciicast';
import { renderAnsi, type StyledLine, styledLines } from '@pilotty/terminal';
import { columnsOf } from '@pilotty/terminal/columns';
import { KeyReader } from '@pilotty/terminal/key-reader';
import { type Cast, loadCast } from './load.ts';
import { actionOf, type PlayerAction } from './player-keys.ts';
import type { PlayerTerminal } from './player-terminal.ts';
import { ReplayError } from './replay-error.ts';
import { Stage } from './stage.ts';

/** Faster than eyes; a terminal at the end of a slow line has a row to draw, not a screen. */
const FRAME_MS = 33;
const JUMP_MS = 5_000;
const MAX_SPEED = 64;
const MIN_SPEED = 1 / 8;
/** What is played is in memory, for jumps. */
const MAX_CHARACTERS = 512 * 1024 * 1024;

const BEGIN = '\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[0m\x1b[2J';
const END = '\x1b[0m\x1b[?7h\x1b[?25h\x1b[?1049l';

export interface Playing {
  speed: number;
  idleLimitMs: number | undefined;
  /** Ends at the end, instead of waiting for a key. */
  endsItself: boolean;
  signal: AbortSignal;
  terminal: PlayerTerminal;
}

/** Resolves when it is over. @throws ReplayError */
export async function play(path: string, playing: Playing): Promise<void> {
  const { signal, terminal } = playing;
  const cast = await loadCast(path);
  const events = await timedEvents(cast, playing.idleLimitMs);
  const player = new Player(cast, events, playing);
  const end = () => player.end();
  signal.addEventListener('abort', end);
  try {
    await terminal.enter({
      entering: BEGIN,
      leaving: () => END,
      rescue: END,
      typed: (bytes) => player.typed(bytes),
      lost: () => player.drawAll(),
      closed: end,
    });
    if (signal.aborted) return;
    await player.run();
  } finally {
    signal.removeEventListener('abort', end);
    terminal.leave();
  }
}

/** @throws ReplayError */
async function timedEvents(cast: Cast, idleLimitMs: number | undefined): Promise<CastEvent[]> {
  const timeline = new Timeline({ idleLimitMs: idleLimitMs ?? cast.header.idleLimitMs });
  const events: CastEvent[] = [];
  let characters = 0;
  for await (const event of cast.events()) {
    const timeMs = timeline.at(event.timeMs);
    if (event.code === 'i') continue;
    characters += event.data.length;
    if (characters > MAX_CHARACTERS) {
      throw new ReplayError(
        `${cast.path} is too long to play`,
        'Look at moments of it with --screen-at TIME.',
      );
    }
    events.push({ ...event, timeMs });
  }
  return events;
}

class Player {
  readonly #cast: Cast;
  readonly #events: readonly CastEvent[];
  readonly #terminal: PlayerTerminal;
  readonly #endsItself: boolean;
  readonly #keys = new KeyReader();
  #stage: Stage;
  #next = 0;
  #atMs = 0;
  #speed: number;
  #isPaused = false;
  #isOver = false;
  #wake: () => void = () => {};
  /** Rows as they stand in the terminal. */
  #drawn: string[] = [];

  constructor(cast: Cast, events: readonly CastEvent[], { speed, endsItself, terminal }: Playing) {
    this.#cast = cast;
    this.#events = events;
    this.#speed = speed;
    this.#endsItself = endsItself || !terminal.hasKeyboard;
    this.#terminal = terminal;
    this.#stage = new Stage(cast.header);
  }

  async run(): Promise<void> {
    let before = performance.now();
    while (!this.#isOver) {
      const now = performance.now();
      if (!this.#isPaused) this.#advance(this.#atMs + (now - before) * this.#speed);
      before = now;
      this.#draw();
      if (this.#isAtEnd && this.#endsItself) return;
      await this.#pause(this.#isPaused || this.#isAtEnd ? undefined : this.#untilNextMs);
      if (this.#isPaused) before = performance.now();
    }
  }

  typed(bytes: Uint8Array): void {
    for (const key of this.#keys.read(bytes)) {
      const action = actionOf(key);
      if (action !== undefined) this.#do(action);
    }
  }

  end(): void {
    this.#isOver = true;
    this.#wake();
  }

  drawAll(): void {
    this.#drawn = [];
    this.#terminal.write('\x1b[0m\x1b[2J');
    this.#draw();
  }

  get #durationMs(): number {
    return this.#events.at(-1)?.timeMs ?? 0;
  }

  get #isAtEnd(): boolean {
    return this.#atMs >= this.#durationMs;
  }

  get #untilNextMs(): number {
    const next = this.#events[this.#next]?.timeMs ?? this.#durationMs;
    // The clock of the status line goes on meanwhile.
    return Math.min(Math.max((next - this.#atMs) / this.#speed, FRAME_MS), 500);
  }

  async #pause(ms: number | undefined): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #do(action: PlayerAction): void {
    switch (action) {
      case 'quit':
        this.#isOver = true;
        break;
      case 'suspend':
        this.#terminal.suspend();
        return;
      case 'pause':
        if (this.#isAtEnd) this.#seek(0);
        this.#isPaused = !this.#isPaused && !this.#isAtEnd;
        break;
      case 'back':
        this.#seek(this.#atMs - JUMP_MS);
        break;
      case 'forward':
        this.#seek(this.#atMs + JUMP_MS);
        break;
      case 'start':
        this.#seek(0);
        break;
      case 'end':
        this.#seek(this.#durationMs);
        break;
      case 'faster':
        this.#speed = Math.min(MAX_SPEED, this.#speed * 2);
        break;
      case 'slower':
        this.#speed = Math.max(MIN_SPEED, this.#speed / 2);
        break;
      case 'next marker':
        this.#seek(this.#markers.find((timeMs) => timeMs > this.#atMs) ?? this.#atMs);
        break;
      case 'previous marker':
        this.#seek(this.#markers.findLast((timeMs) => timeMs < this.#atMs - 500) ?? 0);
        break;
    }
    this.#draw();
    this.#wake();
  }

  get #markers(): number[] {
    return this.#events.filter(({ code }) => code === 'm').map(({ timeMs }) => timeMs);
  }

  #seek(toMs: number): void {
    const target = Math.min(Math.max(0, toMs), this.#durationMs);
    if (target < this.#atMs) {
      this.#stage = new Stage(this.#cast.header);
      this.#next = 0;
    }
    this.#advance(target);
  }

  #advance(toMs: number): void {
    this.#atMs = Math.min(toMs, this.#durationMs);
    for (;;) {
      const event = this.#events[this.#next];
      if (event === undefined || event.timeMs > this.#atMs) return;
      this.#stage.apply(event);
      this.#next += 1;
    }
  }

  #draw(): void {
    const { cols, rows } = this.#terminal.size;
    const { screen } = this.#stage;
    const shownRows = Math.max(1, rows - 1);
    const { row, col, visible } = screen.cursor;
    const top = Math.max(0, Math.min(row - shownRows + 1, screen.size.rows - shownRows));
    const lines = styledLines(screen).slice(top, top + shownRows);
    let text = '';
    for (let y = 0; y < shownRows; y++) {
      const line = renderAnsi([clipped(lines[y] ?? [], cols)]);
      if (this.#drawn[y] === line) continue;
      this.#drawn[y] = line;
      text += `\x1b[${y + 1};1H\x1b[0m${line}\x1b[0m${isFull(lines[y] ?? [], cols) ? '' : '\x1b[K'}`;
    }
    if (rows > 1) text += `\x1b[${rows};1H\x1b[0;7m${this.#status(cols)}\x1b[0m\x1b[K`;
    const isShown = visible && row >= top && row < top + shownRows && col < cols;
    text += isShown ? `\x1b[${row - top + 1};${col + 1}H\x1b[?25h` : '\x1b[?25l';
    // As one frame, where the terminal can.
    this.#terminal.write(`\x1b[?2026h\x1b[?25l${text}\x1b[?2026l`);
  }

  #status(cols: number): string {
    const state = this.#isAtEnd ? 'end' : this.#isPaused ? 'paused' : 'playing';
    const time = `${clock(this.#atMs)} / ${clock(this.#durationMs)}`;
    const speed = this.#speed === 1 ? '' : ` ${this.#speed}x`;
    const keys = 'space pause  ←→ 5s  [ ] marker  + - speed  q quit';
    const status = ` ${state} ${time}${speed}  ${keys} `;
    return status.slice(0, Math.max(0, cols - 1));
  }
}

function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** What of a row there is room for. */
function clipped(line: StyledLine, cols: number): StyledLine {
  const shown: StyledLine = [];
  let left = cols;
  for (const span of line) {
    const columns = columnsOf(span.text);
    const wide = columns.at(-1) ?? 0;
    if (wide <= left) {
      shown.push(span);
      left -= wide;
      continue;
    }
    // A wide character that is cut is left out.
    const end = columns.findIndex((_, unit) => (columns[unit + 1] ?? wide) > left);
    shown.push({ ...span, text: span.text.slice(0, Math.max(0, end)) });
    break;
  }
  return shown;
}

/** To erase behind it would erase its last cell, where the cursor stays. */
function isFull(line: StyledLine, cols: number): boolean {
  return line.reduce((sum, { text }) => sum + (columnsOf(text).at(-1) ?? 0), 0) >= cols;
}
