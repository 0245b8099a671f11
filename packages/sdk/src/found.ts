/** What a locator looks for, found on one screen. */
import { columnsOf } from '@pilotty/terminal/columns';
import type { LookParams, ScreenElement, ScreenState } from './protocol-types.ts';

/** A place on the screen, in cells counted from 0. */
export interface Bounds {
  row: number;
  col: number;
  width: number;
  height: number;
}

/** What a locator has found. */
export interface Found extends Bounds {
  /** The text there; of an element, its text as docs/elements.md says. */
  text: string;
  /** The element there, if a locator of elements has found it. */
  element?: ScreenElement;
}

export interface TextOptions {
  /** The text stands alone: nothing but blanks, lines and brackets is beside it (default: false). */
  exact?: boolean | undefined;
  /** Upper and lower case are the same (default: false). Of a regular expression, its own flag says so. */
  ignore_case?: boolean | undefined;
}

export interface ElementOptions extends TextOptions {
  /** Its text has this in it; with `exact` it is this. */
  text?: string | RegExp | undefined;
  /** It has the focus, or is the selected row of a list. */
  focused?: boolean | undefined;
  /** A checkbox or radio button that is on, or off. */
  checked?: boolean | undefined;
}

/** One way to look for something. */
export interface Query {
  /** As it was written: 'getByText("Save")'. */
  readonly name: string;
  /** What has to be known of the screen. */
  readonly look: LookParams;
  find(screen: ScreenState): Found[];
}

export function textQuery(text: string | RegExp, options: TextOptions): Query {
  const pattern = patternOf(text, options);
  return {
    name: `getByText(${literal(text)}${saidOf({ ...options })})`,
    look: { format: 'full' },
    find: (screen) =>
      (screen.text ?? '')
        .split('\n')
        .flatMap((line, row) => matchesIn(line, row + (screen.first_row ?? 0), pattern, options.exact)),
  };
}

export function elementQuery(kind: ScreenElement['kind'], options: ElementOptions): Query {
  const { text, exact, focused, checked } = options;
  const pattern = text === undefined ? undefined : patternOf(text, options);
  const hasText = (element: ScreenElement) => {
    if (pattern === undefined) return true;
    pattern.lastIndex = 0;
    const match = pattern.exec(element.text);
    return match !== null && (!exact || match[0].length === element.text.length);
  };
  return {
    name: `getByElement(${JSON.stringify(kind)}${saidOf({ ...options })})`,
    look: { format: 'full', elements: true },
    find: ({ elements = [] }) =>
      elements
        .filter((element) => element.kind === kind && hasText(element))
        .filter((element) => focused === undefined || (element.focused ?? false) === focused)
        .filter((element) => checked === undefined || element.checked === checked)
        .map((element) => {
          const { row, col, width, height, text } = element;
          return { row, col, width, height, text, element };
        }),
  };
}

/** A regular expression that goes on from its last match. */
function patternOf(text: string | RegExp, { ignore_case: ignoresCase }: TextOptions): RegExp {
  if (typeof text !== 'string') return new RegExp(text, `${text.flags.replace(/[gy]/g, '')}g`);
  if (text === '') throw new TypeError('the text to look for is empty');
  return new RegExp(text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'), ignoresCase ? 'giu' : 'gu');
}

function matchesIn(line: string, row: number, pattern: RegExp, exact = false): Found[] {
  const columns = columnsOf(line);
  return [...line.matchAll(pattern)]
    .filter(([text]) => text !== '')
    .filter(({ 0: text, index }) => !exact || standsAlone(line, index, index + text.length))
    .map(({ 0: text, index }) => {
      const col = columns[index] as number;
      return { row, col, width: (columns[index + text.length] as number) - col, height: 1, text };
    });
}

/** Letters and figures, and what joins them, beside a text make it a part of another. */
const PART_OF_A_WORD = /[\p{L}\p{N}\p{M}\p{Pc}\p{Pd}.,:;!?'"/\\%&@#*+=~$]/u;

function standsAlone(line: string, start: number, end: number): boolean {
  return (
    isBeside(line.slice(0, start).trimEnd().at(-1), line[start - 1], line[start - 2]) &&
    isBeside(line.slice(end).trimStart()[0], line[end], line[end + 1])
  );
}

/** Two blanks part what one blank joins. */
function isBeside(
  nearest: string | undefined,
  first: string | undefined,
  second: string | undefined,
): boolean {
  if (nearest === undefined) return true;
  if (first !== ' ') return !PART_OF_A_WORD.test(first ?? ' ');
  return second === ' ' || second === undefined || !PART_OF_A_WORD.test(nearest);
}

/** ', { exact: true }', or nothing. */
function saidOf(options: Record<string, unknown>): string {
  const said = Object.entries(options).filter(([, value]) => value !== undefined);
  return said.length === 0
    ? ''
    : `, { ${said.map(([name, value]) => `${name}: ${literal(value)}`).join(', ')} }`;
}

function literal(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
