import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  pictureOf,
  renderAnsi,
  renderHtml,
  renderSvg,
  Screen,
  styledLines,
} from '../../packages/terminal/src/index.ts';
import { randomNumbers, randomStream } from './random-stream.ts';

function drawn(text: string, cols = 20, rows = 3): Screen {
  const screen = new Screen({ cols, rows, scrollback: 10 });
  screen.write(new TextEncoder().encode(text));
  return screen;
}

/** What a reader of the page would see as text. */
function pageText(html: string): string[] {
  const pre = /<pre[^>]*>\n([\s\S]*)\n<\/pre>/.exec(html)?.[1] ?? '';
  const text = pre.replace(/<[^>]*>/g, '');
  return text
    .replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))
    .split('\n')
    .map((line) => line.trimEnd());
}

test('ANSI text draws the same rows in the same styles again', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const screen = drawn(randomStream(randomNumbers(seed), 60), 40, 6);
    const lines = styledLines(screen);
    const again = drawn(renderAnsi(lines, { newline: '\r\n' }), 40, 6);
    expect(styledLines(again), `seed ${seed}`).toEqual(lines);
  }
});

test('a row of ANSI text ends plain', () => {
  expect(renderAnsi(styledLines(drawn('\x1b[1;31mred\x1b[44m \r\n\x1b[38;2;1;2;3mx')))).toBe(
    '\x1b[1;31mred\x1b[0m\x1b[1;31;44m \x1b[0m\n\x1b[1;38;2;1;2;3;44mx\x1b[0m\n',
  );
});

test.each(['vim', 'htop', 'mc', 'less', 'dialog'])('the page of %s has its text', (program) => {
  const screen = new Screen({ cols: 80, rows: 24, scrollback: 0 });
  screen.write(readFileSync(new URL(`fixtures/${program}.bytes`, import.meta.url)));
  expect(pageText(renderHtml(pictureOf(screen)))).toEqual(screen.rowTexts().map((text) => text.trimEnd()));
});

test('markup on the screen stays text', () => {
  const screen = drawn('\x1b]2;<title>\x07<b>"&\'</b>');
  expect(renderHtml(pictureOf(screen))).toContain('&#60;b&#62;&#34;&#38;&#39;&#60;/b&#62;');
  expect(renderHtml(pictureOf(screen))).toContain('<title>&#60;title&#62;</title>');
  expect(renderSvg(pictureOf(screen))).toContain('&#60;b&#62;&#34;&#38;&#39;&#60;/b&#62;');
  expect(renderSvg(pictureOf(screen))).toContain('<title>&#60;title&#62;</title>');
});

test.each([
  ['https://a.example/?a=1&b="', 'href="https://a.example/?a=1&#38;b=&#34;"'],
  ['mailto:a@b.example', 'href="mailto:a@b.example"'],
  ['javascript:alert(1)', undefined],
  ['file:///etc/passwd', undefined],
  ['data:text/html,x', undefined],
])('a link to %s is one only if it is safe', (address, expected) => {
  const picture = pictureOf(drawn(`\x1b]8;;${address}\x07here\x1b]8;;\x07`));
  for (const markup of [renderHtml(picture), renderSvg(picture)]) {
    expect(markup).toContain('here');
    if (expected === undefined) expect(markup).not.toContain('<a');
    else {
      expect(markup).toContain(expected);
      expect(markup).toContain('rel="noopener noreferrer"');
    }
  }
});

test('wide characters and those not every font has in one width get boxes of their own', () => {
  const html = renderHtml(pictureOf(drawn('a漢✓b')));
  expect(html).toMatch(/a<span style="display:inline-block;width:2ch[^>]*>漢<\/span>/);
  expect(html).toMatch(/<span style="display:inline-block;width:1ch[^>]*>✓<\/span>b/);
});

test('the cursor is shown as its shape, and not at all when hidden', () => {
  expect(renderHtml(pictureOf(drawn('ab\b')))).toContain(
    'a<span style="color:#000000;background:#e5e5e5;display:inline-block">b</span>',
  );
  expect(renderHtml(pictureOf(drawn('ab\x1b[6 q')))).toContain('inset 2px 0 #e5e5e5');
  expect(renderHtml(pictureOf(drawn('ab\x1b[4 q')))).toContain('inset 0 -2px #e5e5e5');
  expect(renderHtml(pictureOf(drawn('ab\x1b[?25l')))).not.toContain('<span');
  expect(renderSvg(pictureOf(drawn('ab\x1b[6 q')))).toContain('<rect x="16" y="0" width="2" height="16"');
  expect(renderSvg(pictureOf(drawn('ab\x1b[?25l')))).not.toContain('fill="#e5e5e5"/>');
});

test('a fragment is the screen alone', () => {
  expect(renderHtml(pictureOf(drawn('x')), { fragment: true })).toMatch(
    /^<pre [^>]*>[^<]*x.*\n\n\n<\/pre>\n$/s,
  );
});

test('each theme has its colours', () => {
  const picture = pictureOf(drawn('\x1b[31mred'));
  expect(renderSvg(picture)).toContain('fill="#cd0000"');
  expect(renderSvg(picture, { theme: 'light' })).toContain('fill="#cf222e"');
  expect(renderHtml(picture, { theme: 'light' })).toContain('background:#ffffff');
});

test('neighbouring cells of one background are one rectangle, rows included', () => {
  const svg = renderSvg(pictureOf(drawn('\x1b[44m\x1b[2J\x1b[?25l', 20, 3)));
  expect(svg.match(/<rect /g)).toHaveLength(2);
  expect(svg).toContain('<rect x="0" y="0" width="160" height="48" fill="#0000ee"/>');
});

test('text in an SVG stands where its cells are, and keeps what is drawn as a shape', () => {
  const svg = renderSvg(pictureOf(drawn('a b  漢─x')));
  expect(svg).toContain('<tspan x="0" textLength="24" lengthAdjust="spacingAndGlyphs">a b</tspan>');
  expect(svg).toMatch(/<tspan x="48" text-anchor="middle"[^>]*>漢<\/tspan>/);
  expect(svg).toContain('<tspan x="56" fill="none">─</tspan>');
  expect(svg).toContain('M56 7.5H60V8.5H56z');
});

test('a font goes into the SVG only when given', () => {
  const picture = pictureOf(drawn('x'));
  expect(renderSvg(picture)).not.toContain('base64');
  expect(renderSvg(picture, { font: Uint8Array.of(1, 2, 3) })).toContain('url(data:font/ttf;base64,AQID)');
});

test('a part of the rows has the cursor only if it is among them', () => {
  const screen = drawn('1\r\n2\r\n3\r\n4\r\n5', 20, 3);
  const picture = pictureOf(screen, { first: -1, last: 1 });
  expect(pageText(renderHtml(picture))).toEqual(['2', '3', '4']);
  expect(picture.cursor).toBeUndefined();
  expect(pictureOf(screen, { first: 1, last: 2 }).cursor).toEqual({
    row: 1,
    col: 1,
    shape: 'block',
  });
});

test('whatever is on the screen, the SVG is well-formed', () => {
  for (let seed = 1; seed <= 100; seed++) {
    const screen = drawn(randomStream(randomNumbers(seed), 80), 20, 5);
    const svg = renderSvg(pictureOf(screen));
    const open: string[] = [];
    for (const [, slash, name, rest] of svg.matchAll(/<(\/?)([a-z]+)((?:\s+[\w:-]+="[^"<]*")*\s*\/?)>/g)) {
      if (slash) expect(open.pop(), `seed ${seed}`).toBe(name);
      else if (!rest?.endsWith('/')) open.push(name as string);
    }
    expect(open, `seed ${seed}`).toEqual([]);
    expect(svg.replace(/<(\/?)([a-z]+)((?:\s+[\w:-]+="[^"<]*")*\s*\/?)>/g, '')).not.toMatch(/[<\0-\x08]/);
  }
});
