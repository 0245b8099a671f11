/** Everything that reads or renders a screen, after anything was printed on it. */
import fc from 'fast-check';
import {
  applyDiff,
  detectElements,
  diffSince,
  ElementTracker,
  FrameDrawer,
  lookOf,
  markedText,
  pictureOf,
  renderAnsi,
  renderHtml,
  renderSvg,
  Screen,
  styledLines,
  Transcript,
} from '../../../packages/terminal/src/index.ts';
import { cellWidth, type Line } from '../../../packages/terminal/src/lines/cells.ts';
import { pure, type Target } from '../target.ts';
import { anySteps, type Size, type Step, sizeOf, take } from './steps.ts';

interface Input {
  size: Size;
  steps: Step[];
}

/** What XML has no way to say, and what a page would take for more than text. */
const NOT_IN_MARKUP = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|<script/i;

export const screen: Target<Input> = {
  name: 'screen',
  promise: 'no output meets a fault, and what is rendered of it is whole and harmless',
  runsInTest: 60,
  inputs: (corpus) => {
    const { size, steps } = anySteps(corpus.flatMap((input) => input.steps));
    return fc.record({ size, steps });
  },
  open: pure(({ size, steps }) => {
    const faults: string[] = [];
    const drawn = new Screen({
      ...sizeOf(size),
      scrollback: 30,
      onFault: ({ sequence, error }) => faults.push(`${sequence}: ${error}`),
    });
    const tracker = new ElementTracker();
    const transcript = new Transcript(drawn.size);
    const frames = new FrameDrawer({ cols: 20, rows: 6 });
    for (const step of steps) {
      const before = { look: lookOf(drawn), rows: drawn.rowTexts() };
      take(drawn, step);
      if (typeof step === 'string') transcript.write(Buffer.from(step, 'latin1'));
      else transcript.resize(...step);
      tracker.update(detectElements(drawn));
      frames.draw(drawn);
      const diff = diffSince(before.look, drawn);
      const rows = drawn.rowTexts();
      if (diff !== undefined && JSON.stringify(applyDiff(before.rows, diff)) !== JSON.stringify(rows))
        throw new Error('what has changed does not lead from one screen to the next');
    }
    transcript.end();
    if (faults.length > 0) throw new Error(`faults: ${faults.join(', ')}`);
    wholeCharacters(drawn);
    markedText(drawn);
    const picture = pictureOf(drawn);
    for (const markup of [renderSvg(picture), renderHtml(picture)]) {
      const found = NOT_IN_MARKUP.exec(markup)?.[0];
      if (found !== undefined) throw new Error(`rendered with ${JSON.stringify(found)}`);
    }
    const ansi = renderAnsi(styledLines(drawn), { newline: '\r\n' });
    const { cols, rows } = drawn.size;
    // One more of both, so that nothing wraps or scrolls.
    const copy = new Screen({ cols: Math.max(cols, 2) + 1, rows: rows + 1, scrollback: 0 });
    copy.write(Buffer.from(ansi));
    const drawnAgain = copy.rowTexts().slice(0, rows);
    if (JSON.stringify(drawnAgain) !== JSON.stringify(drawn.rowTexts()))
      throw new Error(
        `rendered for a terminal: ${JSON.stringify(drawn.rowTexts())} became ${JSON.stringify(drawnAgain)}`,
      );
  }),
};

/** @throws Error where half of a wide character stands without the other, in the rows of either screen or above */
function wholeCharacters({ inside: { core } }: Screen): void {
  for (const { lines } of [core.buffers.normal, core.buffers.alt])
    for (let y = 0; y < lines.length; y++) {
      const line = lines.get(y) as Line;
      const widths = Array.from({ length: line.length }, (_, col) => cellWidth(line, col));
      if (/2(?!0)|(?<!2)0/.test(widths.join(''))) throw new Error(`half a character in a row of ${widths}`);
    }
}
