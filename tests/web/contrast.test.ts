/** Text can be read on its ground: in terminals and miniatures, in both themes; and programs learn of which ground. */
import { expect, test as pure } from 'vitest';
import { contrast, legible } from '../../apps/web/src/look/contrast.ts';
import { until } from '../harness/until.ts';
import { openSession, rowsOf, seeRow, test } from './browser.ts';

pure('any text is made readable on any ground, and what can be read already stays as it is', () => {
  const colors = [
    '#000000',
    '#0b0d10',
    '#ffffff',
    '#ffff60',
    '#45c4cc',
    '#3f74e0',
    '#808080',
    '#f4716a',
    '#777777',
  ];
  for (const text of colors) {
    for (const ground of colors) {
      const made = legible(text, ground, 4.5);
      expect(contrast(made, ground), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
      if (contrast(text, ground) >= 4.5) expect(made).toBe(text);
    }
  }
});

/** What vim, mc and dialog do: yellow on white, cyan on blue, grey on grey. */
const PAIRS = `for pair in '38;2;255;255;96' '36;44' '33;46' '37;47' '31;47' '90;40' '30;40' '93'; do printf "\\033[\${pair}mMMMMMMMM\\033[0m\\n"; done; exec cat`;

test.for(['light', 'dark'] as const)(
  'terminals and miniatures have a contrast of 4.5: %s',
  async (scheme, { pilotty, web }) => {
    await pilotty.spawn('pairs', ['sh', '-c', PAIRS]);
    await pilotty.spawn('pale', [
      'sh',
      '-c',
      `printf "\\033[38;2;255;255;96m"; yes MMMMMMMM | head -20; exec cat`,
    ]);
    await pilotty.spawn('asking', [
      'sh',
      '-c',
      `read word; stty raw -echo; printf '\\033]11;?\\007'; dd bs=64 count=1 2>/dev/null | tr -d '\\033\\007'; stty sane; exec cat`,
    ]);
    const page = await web.visitLoggedIn({ colorScheme: scheme });
    await page.locator('[data-session=pale] canvas').waitFor();
    const ground = scheme === 'light' ? '#ffffff' : '#0b0d10';
    // The pixels of the letters that differ most from the ground: the others are their edges. Before it is drawn, all are black.
    await until('text that can be read in the miniature', async () => {
      const colors = await page.evaluate<string[]>(`(() => {
      const canvas = document.querySelector('[data-session=pale] canvas');
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      const found = new Set();
      for (let at = 0; at < data.length; at += 4) {
        found.add('#' + [0, 1, 2].map((index) => data[at + index].toString(16).padStart(2, '0')).join(''));
      }
      return [...found];
    })()`);
      return (
        colors.includes(ground) && colors.some((color) => isText(color) && contrast(color, ground) >= 4.4)
      );
    });

    await openSession(page, 'pairs');
    await until('all pairs', async () => (await rowsOf(page).filter({ hasText: 'MMMM' }).count()) === 8);
    const shown = await page.evaluate<[string, string][]>(`[...document.querySelectorAll('.xterm-rows span')]
    .filter((each) => each.textContent.includes('MM'))
    .map((each) => [getComputedStyle(each).color, getComputedStyle(each).backgroundColor])`);
    const contrasts = shown.map(([text, behind]) => contrast(colorOf(text, ground), colorOf(behind, ground)));
    expect(contrasts.length).toBe(8);
    expect(Math.min(...contrasts)).toBeGreaterThanOrEqual(4.5);

    await page.keyboard.press('Control+Shift+E');
    await openSession(page, 'asking');
    await page.keyboard.type('go\n');
    await seeRow(page, scheme === 'light' ? 'rgb:ffff/ffff/ffff' : 'rgb:0b0b/0d0d/1010');
  },
);

/** Of a hue, as the cursor's blue and the ground's grey are not: yellow, however light or dark it has become. */
function isText(color: string): boolean {
  const [red = 0, , blue = 0] = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
  return red > blue + 20;
}

function hexadecimal(channels: readonly number[]): string {
  return `#${channels.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}

/** Of `rgb(1, 2, 3)`; what is transparent has the ground behind it. */
function colorOf(css: string, ground: string): string {
  const channels = (css.match(/[\d.]+/g) ?? []).map(Number);
  return channels[3] === 0 ? ground : hexadecimal(channels.slice(0, 3));
}
