/** The same steps in tmux and on our screen. */
import { Screen } from '../../../packages/terminal/src/index.ts';
import { type Look, SCROLLBACK } from './look.ts';
import { lookOfScreen } from './screen-look.ts';
import type { Size, Tmux } from './tmux.ts';

export const SIZES: readonly Size[] = [
  { cols: 80, rows: 24 },
  { cols: 120, rows: 40 },
  { cols: 40, rows: 10 },
  { cols: 200, rows: 60 },
];

export interface Looks {
  tmux: Look;
  ours: Look;
}

/** Bytes and new sizes, in turn, and then a look at both. */
export async function looksAfter(
  tmux: Tmux,
  size: Size,
  steps: readonly (Uint8Array | Size)[],
): Promise<Looks> {
  const screen = new Screen({ ...size, scrollback: SCROLLBACK });
  const pane = await tmux.open(size);
  try {
    let last = size;
    for (const step of steps) {
      if (step instanceof Uint8Array) {
        await pane.feed(step);
        screen.write(step);
      } else {
        last = step;
        await pane.resize(step);
        screen.resize(step.cols, step.rows);
      }
    }
    const looks = { tmux: await pane.look(), ours: lookOfScreen(screen) };
    const end = rightEdge(last);
    await pane.feed(end);
    screen.write(end);
    looks.tmux.styles = await pane.styles();
    looks.ours.styles = lookOfScreen(screen).styles;
    return looks;
  } finally {
    await pane.close();
    screen.dispose();
  }
}

/** capture-pane leaves out coloured blanks to the right of all text: ends each row with a letter. */
function rightEdge({ cols, rows }: Size): Uint8Array {
  const letters = Array.from({ length: rows }, (_, row) => `\x1b[${row + 1};${cols}H!`).join('');
  return Buffer.from(`\x1b[4l\x1b[?6l\x1b[?7l\x1b[r\x1b[m\x1b(B\x0f${letters}`);
}

/** Three at a time: tmux draws one while another is opened and a third is read. */
export async function oneByOne<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const worker = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all([worker(), worker(), worker()]);
}
