/** Half of a wide character is none: whatever takes one half away takes the other. */
import { expect, test } from 'vitest';
import { Screen } from '../../packages/terminal/src/index.ts';
import { cellWidth, type Line } from '../../packages/terminal/src/lines/cells.ts';

const AT_THE_SECOND_HALF = '\x1b[3G';

test.each([
  ['ICH', '\x1b[@', 'a   b'],
  ['ICH with a wrap pending behind it', '\x1b[1;9H漢\x1b[@', 'a漢b'],
  ['DECIC', "\x1b['}", 'a   b'],
  ['insert mode', '\x1b[4hx', 'a x b'],
  ['DCH', '\x1b[P', 'a b'],
  ['ECH', '\x1b[X', 'a  b'],
  ['a mark', '\u0301', 'a \u0301 b'],
])('%s inside of one', (_, sequence, row) => {
  const screen = new Screen({ cols: 10, rows: 2, scrollback: 5 });
  screen.write(Buffer.from(`a漢b${AT_THE_SECOND_HALF}${sequence}`));
  const { active } = screen.inside.core.buffers;
  const line = active.lines.get(0) as Line;
  const widths = Array.from({ length: line.length }, (_, col) => cellWidth(line, col)).join('');
  expect([screen.rowTexts()[0], /2(?!0)|(?<!2)0/.test(widths)]).toEqual([row, false]);
});

test('a cluster that grows too wide for the only row leaves nothing of it in that row', () => {
  const screen = new Screen({ cols: 4, rows: 1, scrollback: 5 });
  screen.write(Buffer.from('abc🇩🇪'));
  expect([screen.scrollbackTexts(5), screen.rowTexts()]).toEqual([['abc'], ['🇩🇪']]);
});
