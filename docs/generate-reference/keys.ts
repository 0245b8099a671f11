/** docs/keys.md, and the names of keys for the command line. */
import { encodeKey, modifiers, namedKeys, parseKeys } from '../../packages/terminal/src/index.ts';
import { code, page, SOURCE, table } from './page.ts';

/** The modes of a new terminal. */
const PLAIN_MODES = {
  applicationCursor: false,
  applicationKeypad: false,
  kittyFlags: 0,
  modifyOtherKeys: 0,
  focusEvents: true,
} as const;

export function keysReference(): string {
  return page(
    'Keys',
    `What \`pilotty key\` and \`session.key\` understand: one or more keys, separated by spaces. A key is a character or a
name from the table, with modifiers before it: \`Ctrl+C\`, \`Alt+Shift+Up\`. vim's \`<C-x>\` and tmux's \`C-x\` are understood
as well. Names may be written in lower case. A key that does not exist, or that the program could not tell from
another in the modes it has set, is refused before any key is sent.`,
    '## Modifiers',
    table(
      ['modifier', 'also'],
      modifiers.map(({ name, aliases }) => [code(name), aliases.map(code).join(' ')]),
    ),
    '## Keys with a name',
    `The bytes are those of a terminal with its initial modes. Application cursor keys, the application keypad,
xterm's modifyOtherKeys and the kitty keyboard protocol change them, as in any terminal. \`FocusIn\` and \`FocusOut\` are no keys: they
report the focus to a program that asked for it (mode 1004), and are refused otherwise.

What is sent after \`Escape\`, in the same request or in another, comes 60 ms later: read together, the two would be Alt and a key.`,
    table(
      ['key', 'also', 'sends'],
      namedKeys.map(({ name, aliases }) => [code(name), aliases.map(code).join(' '), code(sentBy(name))]),
    ),
  );
}

function sentBy(name: string): string {
  const bytes = parseKeys(name).map((key) => Buffer.from(encodeKey(key, PLAIN_MODES)).toString('latin1'));
  const visible = (byte: string) => CONTROL_NAMES[byte] ?? byte;
  return [...bytes.join('')].map(visible).join(' ');
}

const CONTROL_NAMES: Readonly<Record<string, string>> = {
  '\t': 'TAB',
  '\r': 'CR',
  '\x1b': 'ESC',
  ' ': 'SPACE',
  '\x7f': 'DEL',
};

/** apps/cli/src/key-names.ts: what the command line says of keys without loading what makes bytes of them. */
export function keyNamesModule(): string {
  const names = (all: readonly { name: string }[]) => all.map(({ name }) => `'${name}'`).join(', ');
  return `/**
 * ${SOURCE}
 */
export const modifierNames: readonly string[] = [${names(modifiers)}];

export const keyNames: readonly string[] = [
  ${namedKeys.map(({ name }) => `'${name}'`).join(',\n  ')},
];
`;
}
