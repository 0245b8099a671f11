/** A screen, as far as what follows from an input can be told by it later. */
import { detectElements, type Screen } from '@pilotty/terminal';
import { AWAITED_PROMPT } from './prompt-text.ts';

/** A session, as far as it can be seen. */
export interface Seen {
  readonly screen: Screen;
  readonly contentHash: number;
  /** undefined where no shell has said so. */
  readonly commands: { readonly isAtPrompt: boolean | undefined };
}

export interface Focused {
  readonly kind: string;
  readonly text: string;
}

export interface Look {
  readonly rows: readonly string[];
  readonly cursor: { readonly row: number; readonly col: number; readonly visible: boolean };
  /** Text, styles and cursor in one number. */
  readonly hash: number;
  readonly alternateScreen: boolean;
  /** The cursor stands behind what looks like a prompt, or a shell says that it is at one. */
  readonly isAtPrompt: boolean;
  /** The elements that have the focus: a row of a list, and the button that Enter would press. */
  readonly focused: readonly Focused[];
}

/** @param previous shares its rows where they are the same */
export function lookAt(session: Seen, previous?: Look): Look {
  const { screen, contentHash: hash } = session;
  if (previous?.hash === hash) return previous;
  const { row, col, visible } = screen.cursor;
  const focused = detectElements(screen).filter((element) => element.focused && element.kind !== 'box');
  return {
    rows: screen.rowTexts(),
    cursor: { row, col, visible },
    hash,
    alternateScreen: screen.alternateScreen,
    isAtPrompt: isAtPrompt(session),
    focused: focused.map(({ kind, text }) => ({ kind, text })),
  };
}

function isAtPrompt({ screen, commands }: Seen): boolean {
  if (commands.isAtPrompt !== undefined) return commands.isAtPrompt;
  return !screen.alternateScreen && AWAITED_PROMPT.test(screen.textBeforeCursor);
}
