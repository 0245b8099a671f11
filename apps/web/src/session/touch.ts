/**
 * Fingers on a terminal: a swipe scrolls, with momentum; a long press selects, and dragging on selects more. xterm.js
 * 6.0.0 has lost its own scrolling by touch (https://github.com/xtermjs/xterm.js/issues/5489).
 */
import type { Terminal } from '@xterm/xterm';

const LONG_PRESS_MS = 450;
/** A finger is not a needle: less is no movement. */
const SLOP_PX = 9;
/** Of the speed that is left after a millisecond without a finger. */
const FRICTION = 0.996;
const SLOWEST_PX_PER_MS = 0.02;
/** Velocity is that of the last moments, not of the whole swipe. */
const SAMPLE_MS = 80;

interface Cell {
  col: number;
  /** In the buffer. */
  row: number;
}

export class TouchControl {
  readonly #terminal: Terminal;
  readonly #place: HTMLElement;
  readonly #listening = new AbortController();
  #mode: 'none' | 'pressing' | 'scrolling' | 'selecting' = 'none';
  #start = { x: 0, y: 0 };
  #samples: { y: number; at: number }[] = [];
  /** Pixels that were not enough for a row. */
  #rest = 0;
  #anchor: { from: Cell; to: Cell } | undefined;
  #longPress: ReturnType<typeof setTimeout> | undefined;
  #momentum: number | undefined;

  constructor(terminal: Terminal, place: HTMLElement) {
    this.#terminal = terminal;
    this.#place = place;
    const { signal } = this.#listening;
    // Before xterm.js, and able to keep the page from moving instead.
    const options = { signal, capture: true, passive: false };
    place.addEventListener('touchstart', (event) => this.#began(event), options);
    place.addEventListener('touchmove', (event) => this.#moved(event), options);
    place.addEventListener('touchend', (event) => this.#ended(event), options);
    place.addEventListener('touchcancel', () => this.#stop(), options);
    // What a long press means elsewhere.
    place.addEventListener(
      'contextmenu',
      (event) => this.#mode !== 'none' && event.preventDefault(),
      options,
    );
  }

  close(): void {
    this.#stop();
    this.#listening.abort();
  }

  #began(event: TouchEvent): void {
    this.#stop();
    const [touch] = event.touches;
    if (touch === undefined || event.touches.length > 1) return;
    this.#mode = 'pressing';
    this.#start = { x: touch.clientX, y: touch.clientY };
    this.#samples = [{ y: touch.clientY, at: event.timeStamp }];
    this.#longPress = setTimeout(() => this.#select(), LONG_PRESS_MS);
  }

  #moved(event: TouchEvent): void {
    const [touch] = event.touches;
    if (touch === undefined || this.#mode === 'none') return;
    const { clientX: x, clientY: y } = touch;
    if (this.#mode === 'selecting') this.#extend(x, y);
    else {
      const distance = Math.hypot(x - this.#start.x, y - this.#start.y);
      if (this.#mode === 'pressing' && distance < SLOP_PX) return;
      clearTimeout(this.#longPress);
      this.#mode = 'scrolling';
      const last = this.#samples.at(-1)?.y ?? y;
      this.#samples.push({ y, at: event.timeStamp });
      this.#scroll(last - y, x, y);
    }
    event.preventDefault();
    event.stopPropagation();
  }

  #ended(event: TouchEvent): void {
    const mode = this.#mode;
    clearTimeout(this.#longPress);
    this.#mode = 'none';
    if (mode === 'none' || mode === 'pressing') return;
    // No click is made of it.
    event.preventDefault();
    event.stopPropagation();
    if (mode === 'scrolling') this.#glide(event.timeStamp);
  }

  #stop(): void {
    clearTimeout(this.#longPress);
    if (this.#momentum !== undefined) cancelAnimationFrame(this.#momentum);
    this.#momentum = undefined;
    this.#mode = 'none';
    this.#rest = 0;
  }

  #scroll(pixels: number, x: number, y: number): void {
    this.#rest += pixels;
    const rows = Math.trunc(this.#rest / this.#cell().height);
    if (rows === 0) return;
    this.#rest -= rows * this.#cell().height;
    const { buffer, modes } = this.#terminal;
    if (buffer.active.type === 'normal' && modes.mouseTrackingMode === 'none') {
      this.#terminal.scrollLines(rows);
      return;
    }
    // A program that scrolls by itself is sent what a wheel would send it.
    const wheel = { deltaY: rows, deltaMode: WheelEvent.DOM_DELTA_LINE, clientX: x, clientY: y };
    const screen = this.#place.querySelector('.xterm-screen');
    screen?.dispatchEvent(new WheelEvent('wheel', { ...wheel, bubbles: true, cancelable: true }));
  }

  #glide(now: number): void {
    const last = this.#samples.at(-1);
    const first = this.#samples.find(({ at }) => now - at <= SAMPLE_MS);
    if (last === undefined || first === undefined || last.at <= first.at) return;
    let speed = (first.y - last.y) / (last.at - first.at);
    let before = performance.now();
    const step = (at: number) => {
      const ms = Math.max(0, at - before);
      before = at;
      this.#scroll(speed * ms, this.#start.x, this.#start.y);
      speed *= FRICTION ** ms;
      this.#momentum = Math.abs(speed) > SLOWEST_PX_PER_MS ? requestAnimationFrame(step) : undefined;
    };
    this.#momentum = requestAnimationFrame(step);
  }

  /** The word under the finger. */
  #select(): void {
    this.#mode = 'selecting';
    const cell = this.#cellAt(this.#start.x, this.#start.y);
    const line = this.#terminal.buffer.active.getLine(cell.row)?.translateToString(false) ?? '';
    let [from, to] = [cell.col, cell.col];
    while (from > 0 && /\S/.test(line[from - 1] ?? ' ')) from--;
    while (to < line.length - 1 && /\S/.test(line[to + 1] ?? ' ')) to++;
    this.#anchor = { from: { ...cell, col: from }, to: { ...cell, col: to } };
    this.#show(this.#anchor.from, this.#anchor.to);
    navigator.vibrate?.(10);
  }

  #extend(x: number, y: number): void {
    const anchor = this.#anchor;
    if (anchor === undefined) return;
    const cell = this.#cellAt(x, y);
    const isBefore = (one: Cell, other: Cell) =>
      one.row < other.row || (one.row === other.row && one.col < other.col);
    const from = isBefore(cell, anchor.from) ? cell : anchor.from;
    const to = isBefore(anchor.to, cell) ? cell : anchor.to;
    this.#show(from, to);
  }

  #show(from: Cell, to: Cell): void {
    const length = (to.row - from.row) * this.#terminal.cols + to.col - from.col + 1;
    this.#terminal.select(from.col, from.row, length);
  }

  #cellAt(x: number, y: number): Cell {
    const { left, top, width, height } = this.#cell();
    const { cols, rows, buffer } = this.#terminal;
    const within = (value: number, most: number) => Math.min(Math.max(Math.floor(value), 0), most - 1);
    return {
      col: within((x - left) / width, cols),
      row: buffer.active.viewportY + within((y - top) / height, rows),
    };
  }

  #cell(): { left: number; top: number; width: number; height: number } {
    const screen = this.#place.querySelector('.xterm-screen')?.getBoundingClientRect() ?? new DOMRect();
    const { cols, rows } = this.#terminal;
    return { left: screen.left, top: screen.top, width: screen.width / cols, height: screen.height / rows };
  }
}
