/**
 * Whether a screen asks a person something, and what can be answered. Read from the rows around the cursor, because an
 * answered question stays on the screen; with what the daemon knows of the program, because text alone deceives.
 */
import { bare } from './bare.ts';
import { type Choices, choicesInRow, pointedChoices, SIGNED } from './choices.ts';

export interface ShownScreen {
  /** Of the whole screen, without trailing blanks. */
  rows: readonly string[];
  cursor: { row: number; col: number };
  elements: readonly { kind: string; text: string; row: number }[];
  isAlternate: boolean;
}

/** What is known of the program that may read the answer. */
export interface AnswerReader {
  /** Input is read line by line, so an answer ends with Enter; unknown where the terminal is closed. */
  isByLine: boolean;
  /** Blocked in a read of the terminal; null where the kernel does not say. */
  isReading: boolean | null;
}

/** One of these is sent. */
export type Answer = { label: string } & (
  | { keys: string }
  | { text: string }
  /** The element that has this text is moved to and pressed. */
  | { choose: string }
);

export interface Question {
  /** Its last lines, the question itself among them. */
  lines: string[];
  answers: Answer[];
}

const MAX_LINES = 4;
const MAX_ANSWERS = 5;
/** How far above its last row a menu's question may stand. */
const MENU_ROWS = 14;
const YES_NO = /[[(]\s*(?:(yes)\s*[/|]\s*no|y\s*[/|]\s*n)\b[^\])]*[\])]|\b(?:y\/n|yes\/no|y or n)\b/i;
/** `h + enter` is a command that a server takes at any time. */
const PRESS = /\b(?:press|hit|push|tap)\b(?!.{0,12}\+).{0,12}\b(?:enter|return|any key|a key|space)\b/i;
/** One of many: a program that lists its keys asks nothing. */
const KEY_OF_LIST = /^\W*(?:press|hit)\b/i;
/** `[O]pen Read-Only, (E)dit anyway, (Q)uit:` of vim and its like. */
const LETTER = /[[(]([A-Za-z])[\])]([a-z][\w-]*)/g;
const OPTION = /^\W*?(?:[❯›➜▸▶→●◉*>]\s*)?[[(]?(\d{1,2})[.):\]]\s+(\S.*?)\W*$/u;
const POINTER = /^\W*?[❯›➜▸▶●◉]\s+\S/u;
/** What a menu is chosen from by typing: `#?`, `Your choice:`, `Enter selection [1-4]:`. */
const CHOICE = /(?:#\?|\b(?:choice|select(?:ion)?|choose|option|number|pick)\b.*[:?>])\s*(?:\S{0,12})$/i;
/** The same where nothing has been typed behind it. */
const UNANSWERED_CHOICE = /(?:#\?|\b(?:choice|select(?:ion)?|choose|option|number|pick)\b.*[:?>])$/i;
/** Behind a question that the cursor has left: what was answered. More words belong to the question. */
const ONE_WORD = /^[\s)\]:?>]*[^\s()[\]:?>]+$/;
/** Ends with a question mark, behind which a default may stand. */
const ASKS = /\?["'”]?\s*(?:[[(][^\])]*[\])])?\s*[:>]?$/;
/** `Name:`, `Name (a default):`, `name: (a default)`. */
const COLON = /[\p{L}\p{N})\]'"’”]\s*(?:[[(][^\])]*[\])])?\s*:(?: [[(][^\])]*[\])])?$/u;
const BUTTON = /^(?:yes|no|ok|okay|cancel|continue|retry|abort|ignore|allow|deny|accept|reject|proceed)$/i;
/** Vim and less show there what is typed to them, and not what they ask. */
const COMMAND_LINE = /^[:/?]/;
/** What clack asks stands above the row that is typed into. */
const CLACK_ROWS = 2;

export function questionOn(screen: ShownScreen, reader: AnswerReader): Question | undefined {
  if (reader.isReading === false) return undefined;
  return (
    buttonsOf(screen) ??
    menuOf(screen, reader) ??
    listOf(screen) ??
    (isLineAtEnd(screen) ? lineOf(screen, reader) : undefined)
  );
}

/** The last lines that say something: what is shown of a session that asks nothing. */
export function lastLines({ rows }: Pick<ShownScreen, 'rows'>, count: number): string[] {
  return rows.map(bare).filter(Boolean).slice(-count);
}

/** A dialog: what it says, and its buttons. */
function buttonsOf({ rows, elements }: ShownScreen): Question | undefined {
  const buttons = elements.filter(({ kind }) => kind === 'button');
  const first = buttons[0];
  if (first === undefined || !buttons.some(({ text }) => BUTTON.test(text))) return undefined;
  const above = rows.slice(Math.max(0, first.row - MENU_ROWS), first.row);
  return {
    lines: lastLines({ rows: above }, MAX_LINES),
    answers: buttons.slice(0, MAX_ANSWERS).map(({ text }) => ({ label: text, choose: text })),
  };
}

/** Numbered answers below each other, pointed at or asked for. */
function menuOf(
  { rows, cursor, isAlternate }: ShownScreen,
  { isByLine }: AnswerReader,
): Question | undefined {
  const last = lastRow(rows, cursor, isAlternate);
  const first = Math.max(0, last - MENU_ROWS);
  const near = rows.slice(first, last + 1);
  const options = near.flatMap((row, index) => {
    const [, number, text = ''] = OPTION.exec(row) ?? [];
    return number === undefined ? [] : [{ number, text: bare(text), index }];
  });
  const from = options.findLastIndex(({ number }) => number === '1');
  const shown = from < 0 ? [] : options.slice(from);
  const [one] = shown;
  if (one === undefined || shown.length < 2) return undefined;
  const isPointedAt = near.some((row) => POINTER.test(row) && OPTION.test(row));
  const asks = last < cursor.row ? UNANSWERED_CHOICE : CHOICE;
  const isAskedFor = asks.test(bare(near.at(-1) ?? ''));
  if (!isPointedAt && !isAskedFor) return undefined;
  const asked = near.slice(0, one.index);
  const below = isAskedFor ? near.slice(-1) : [];
  return {
    lines: lastLines({ rows: [...asked, ...below] }, MAX_LINES),
    answers: shown.slice(0, MAX_ANSWERS).map(({ number, text }) => ({
      label: text === '' ? number : `${number} ${text}`,
      ...(isByLine ? { text: number } : { keys: number }),
    })),
  };
}

/** Answers that are moved to, where moving to them can be told. */
function listOf({ rows, cursor, elements, isAlternate }: ShownScreen): Question | undefined {
  const choices: Choices | undefined =
    pointedChoices(rows, cursor) ?? (isAlternate ? choicesInRow(rows) : undefined);
  if (choices === undefined) return undefined;
  const { asked, labels } = choices;
  const canBeChosen = (label: string) => elements.some(({ text }) => text === label);
  return {
    lines: asked.slice(-MAX_LINES),
    answers: labels
      .filter(canBeChosen)
      .slice(0, MAX_ANSWERS)
      .map((label) => ({ label, choose: label })),
  };
}

/** On a whole screen only the last row asks, and what has nothing below it but hints at keys: others belong to a text. */
function isLineAtEnd({ rows, cursor, elements, isAlternate }: ShownScreen): boolean {
  if (!isAlternate) return true;
  const row = (rows[cursor.row] ?? '').trimEnd();
  if (row === '' || cursor.col < row.length || COMMAND_LINE.test(row)) return false;
  const isHint = (at: number) => elements.some(({ kind, row: other }) => kind === 'key_hint' && other === at);
  const isLast = cursor.row === rows.length - 1;
  const below = rows.flatMap((text, at) => (at > cursor.row && bare(text) !== '' ? [at] : []));
  return isLast || (below.length > 0 && below.every(isHint));
}

/** A question in the row of the cursor, or in the last one with text where the cursor stands below it. */
function lineOf({ rows, cursor }: ShownScreen, { isByLine, isReading }: AnswerReader): Question | undefined {
  const last = lastRow(rows, cursor, false);
  const isAtCursor = last === cursor.row;
  const row = bare(isAtCursor ? (rows[last] ?? '').slice(0, Math.max(cursor.col, 1)) : (rows[last] ?? ''));
  if (row === '' || (!isAtCursor && isAnswered(row))) return undefined;
  const answers = isOneOfKeys(rows, last) ? [] : answersTo(row, isByLine);
  // A colon ends many a line of output; it asks only where the program reads a line behind it.
  const asksForText = isAtCursor && isByLine && isReading === true && COLON.test(row);
  const isSigned = isSignedQuestion(rows, last, isAtCursor);
  if (answers.length === 0 && !ASKS.test(row) && !asksForText && !isSigned) return undefined;
  return { lines: lastLines({ rows: rows.slice(0, last + 1) }, MAX_LINES), answers };
}

/** Marked as a question by what draws it, whatever is typed behind it. */
function isSignedQuestion(rows: readonly string[], last: number, isAtCursor: boolean): boolean {
  const near = rows.slice(Math.max(0, last - CLACK_ROWS), last + 1).map(bare);
  return (isAtCursor && SIGNED.test(near.at(-1) ?? '')) || near.some((row) => row.startsWith('◆ '));
}

function isOneOfKeys(rows: readonly string[], last: number): boolean {
  const near = rows.slice(Math.max(0, last - MENU_ROWS), last + 1);
  return near.filter((row) => KEY_OF_LIST.test(bare(row))).length >= 2;
}

function isAnswered(row: string): boolean {
  const yesNo = YES_NO.exec(row);
  return yesNo !== null && ONE_WORD.test(row.slice(yesNo.index + yesNo[0].length));
}

function answersTo(row: string, isByLine: boolean): Answer[] {
  const yesNo = YES_NO.exec(row);
  if (yesNo !== null) {
    const words = /yes/i.test(yesNo[0]) ? ['yes', 'no'] : ['y', 'n'];
    return words.map((word) => ({ label: word, ...(isByLine ? { text: word } : { keys: word }) }));
  }
  if (PRESS.test(row)) return [{ label: 'Enter', keys: 'Enter' }];
  const letters = [...row.matchAll(LETTER)];
  if (letters.length < 2 || !/[:?]$/.test(row)) return [];
  return letters.slice(0, MAX_ANSWERS).map(([, letter = '', rest = '']) => ({
    label: letter + rest,
    ...(isByLine ? { text: letter } : { keys: letter }),
  }));
}

/** The row of the cursor, or what stands last above it, or on a whole screen below it too. */
function lastRow(rows: readonly string[], cursor: ShownScreen['cursor'], isAlternate: boolean): number {
  const end = isAlternate ? rows.length - 1 : Math.min(cursor.row, rows.length - 1);
  const below = rows.slice(cursor.row + 1, cursor.row + 1 + MENU_ROWS);
  // Menus hide the cursor, or leave it above their last answer.
  const isMenu = below.some((row) => OPTION.test(row));
  for (let row = isMenu ? rows.length - 1 : end; row >= 0; row--) {
    if (bare(rows[row] ?? '') !== '') return row;
  }
  return 0;
}
