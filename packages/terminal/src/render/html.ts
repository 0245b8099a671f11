/**
 * A screen as a web page that needs nothing else: real text, true widths, safe links.
 */
import type { Cell, Style } from '../lines/runs.ts';
import { resultOf } from '../read/spans.ts';
import { escapeMarkup, type PaintedRun, type Picture, paintRow, safeLink } from './picture.ts';
import { hexadecimalOf, type Theme, type ThemeName, themes } from './theme.ts';

export interface HtmlOptions {
  theme?: ThemeName;
  /** Only the <pre>, to put into a page of one's own. */
  fragment?: boolean;
}

const FONTS = 'ui-monospace,Menlo,Consolas,"DejaVu Sans Mono","Liberation Mono",monospace';
/** What every monospaced font has in the same width: ASCII, Latin, Greek, Cyrillic, lines and blocks. */
const FITS = /^[ -~\u00a0-\u017f\u0370-\u03ff\u0400-\u045f\u2500-\u259f]$/u;

export function renderHtml(picture: Picture, options: HtmlOptions = {}): string {
  return resultOf(htmlSteps(picture, options));
}

/** As renderHtml(), a row a step; each says how many characters there are so far. */
export function* htmlSteps(
  picture: Picture,
  { theme: name = 'dark', fragment = false }: HtmlOptions = {},
): Generator<number, string> {
  const theme = themes[name];
  const rows: string[] = [];
  let length = 0;
  for (const row of picture.rows.keys()) {
    const html = htmlRow(paintRow(picture, row, theme), picture, theme);
    rows.push(html);
    length += html.length + 1;
    yield length;
  }
  const style = [
    'margin:0',
    'padding:0.5em',
    `width:${picture.cols}ch`,
    `color:${theme.foreground}`,
    `background:${theme.background}`,
    `font:14px/1.25 ${FONTS.replaceAll('"', '&#34;')}`,
    'white-space:pre',
    'font-variant-ligatures:none',
  ].join(';');
  const pre = `<pre style="${style}">\n${rows.join('\n')}\n</pre>\n`;
  if (fragment) return pre;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeMarkup(picture.title)}</title>
</head>
<body style="margin:0;background:${theme.background}">
${pre}</body>
</html>
`;
}

function htmlRow(runs: readonly PaintedRun[], { cursor }: Picture, theme: Theme): string {
  let html = '';
  let col = 0;
  for (const run of runs) {
    const first = run.cells[0]?.col ?? col;
    html += ' '.repeat(first - col);
    html += htmlRun(run, run.isCursor ? cursor?.shape : undefined, theme);
    const last = run.cells.at(-1);
    col = last === undefined ? col : last.col + last.width;
  }
  return html;
}

function htmlRun(run: PaintedRun, cursor: 'block' | 'underline' | 'bar' | undefined, theme: Theme): string {
  const text = htmlText(run.cells);
  const styles = cssOf(run, theme);
  if (cursor === 'underline') styles.push(`box-shadow:inset 0 -2px ${theme.cursor}`);
  if (cursor === 'bar') styles.push(`box-shadow:inset 2px 0 ${theme.cursor}`);
  const link = safeLink(run.style.link);
  if (styles.length === 0 && link === undefined) return text;
  // As high as the row, so that backgrounds touch; as wide as its cells.
  if (run.background !== undefined || cursor !== undefined) styles.push('display:inline-block');
  if (link === undefined) return `<span style="${styles.join(';')}">${text}</span>`;
  if (!run.style.underline && !run.style.strikethrough && !run.style.overline)
    styles.push('text-decoration:none');
  if (!styles.some((style) => style.startsWith('color:'))) styles.push('color:inherit');
  return `<a rel="noopener noreferrer" href="${escapeMarkup(link)}" style="${styles.join(';')}">${text}</a>`;
}

function htmlText(cells: readonly Cell[]): string {
  let html = '';
  for (const { text, width } of cells) {
    if (width === 1 && FITS.test(text)) html += escapeMarkup(text);
    else {
      const box = `display:inline-block;width:${width}ch;height:1.25em;vertical-align:top;text-align:center`;
      html += `<span style="${box}">${escapeMarkup(text)}</span>`;
    }
  }
  return html;
}

function cssOf({ style, foreground, background }: PaintedRun, theme: Theme): string[] {
  const css: string[] = [];
  if (foreground !== theme.foreground) css.push(`color:${foreground}`);
  if (background !== undefined) css.push(`background:${background}`);
  if (style.bold) css.push('font-weight:bold');
  if (style.italic) css.push('font-style:italic');
  return [...css, ...decorationOf(style, theme)];
}

const UNDERLINE_STYLES = {
  single: 'solid',
  double: 'double',
  curly: 'wavy',
  dotted: 'dotted',
  dashed: 'dashed',
};

function decorationOf({ underline, underlineColor, strikethrough, overline }: Style, theme: Theme): string[] {
  const lines = [underline && 'underline', strikethrough && 'line-through', overline && 'overline'].filter(
    Boolean,
  );
  if (lines.length === 0) return [];
  const color = hexadecimalOf(underlineColor, theme);
  return [
    `text-decoration-line:${lines.join(' ')}`,
    ...(underline ? [`text-decoration-style:${UNDERLINE_STYLES[underline]}`] : []),
    ...(color === undefined ? [] : [`text-decoration-color:${color}`]),
  ];
}
