/**
 * docs/emulation.md: where tmux and we agree, and why not where not.
 *
 * It needs no tmux: the other tests here hold that everything is equal but for what is explained.
 * `npx vitest run table -u` writes it anew.
 */
import { expect, test } from 'vitest';
import { SIZES } from './compare.ts';
import { explanationOf, sizeName } from './differences.ts';
import { explained, TMUX_VERSION } from './explained.ts';
import { programs } from './programs.ts';
import { streams } from './streams.ts';

const RIGHT = { pilotty: 'pilotty', tmux: 'tmux', both: 'a choice' };

function programRow(name: string): string {
  const cells = SIZES.map((size) => (explanationOf(name, size) === undefined ? 'equal' : 'explained'));
  return `| ${[name, ...cells].join(' | ')} |`;
}

function topicRow(topic: string): string {
  const names = Object.keys(streams[topic] ?? {}).map((name) => `${topic}: ${name}`);
  const cells = SIZES.map((size) => {
    const count = names.filter((name) => explanationOf(name, size) !== undefined).length;
    return count === 0 ? `${names.length} equal` : `${names.length - count} equal, ${count} explained`;
  });
  return `| ${[topic, ...cells].join(' | ')} |`;
}

function table(first: string, rows: string[]): string {
  const head = [first, ...SIZES.map(sizeName)];
  return [`| ${head.join(' | ')} |`, `|${' --- |'.repeat(head.length)}`, ...rows].join('\n');
}

function page(): string {
  const differences = explained.map(
    ({ of, right, reason, sizes }) =>
      `| ${of.join('; ')}${sizes === undefined ? '' : ` (${sizes.join(', ')})`} | ${RIGHT[right]} | ${reason} |`,
  );
  return `# Emulation

The same bytes, drawn by ${TMUX_VERSION} and by pilotty, give the same text, styles, cursor and modes, and for
streams the same scrollback. Where they do not, the difference is explained below, with who is right by xterm's
control sequences. \`tests/terminal/differential\` holds both; this page is written by it (\`npx vitest run table -u\`).

## Programs

Recorded at each size, looked at on the way and at the end.

${table('program', Object.keys(programs).map(programRow))}

## Streams

${table('topic', Object.keys(streams).map(topicRow))}

## Differences

| of | right | why |
| --- | --- | --- |
${differences.join('\n')}

## Rules

- A row goes on in the next one until its end is erased, edited or drawn anew, or the next row is erased or moved
  (\`tests/terminal/screen-wraps.test.ts\`).
- Bytes that are not UTF-8 are drawn as U+FFFD, a column each, as the encoding standard counts them
  (\`tests/terminal/screen-utf8.test.ts\`).
- A synchronized update (mode 2026) hides its frame from looks and waits until it ends, at most 1 s; then the screen
  counts as it is (\`tests/daemon/waiting.test.ts\`).

## vttest

Menus 1, 2, 3.8, 3.9, 6.3 to 6.7, 8, 11.5 and 11.7 are walked by \`tests/terminal/vttest\`, and their pages are kept as
a person checked them. Not done: a window resized by the program (DECCOLM), VT52, double-size and soft characters,
single shifts (SS2, SS3), left and right margins.
`;
}

test('docs/emulation.md is current', async () => {
  await expect(page()).toMatchFileSnapshot('../../../docs/emulation.md');
});
