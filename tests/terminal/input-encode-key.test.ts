import { describe, expect, test } from 'vitest';
import { encodeKey, InvalidKeyError, type KeyModes, parseKeys } from '../../packages/terminal/src/index.ts';

const legacy: KeyModes = {
  applicationCursor: false,
  applicationKeypad: false,
  kittyFlags: 0,
  modifyOtherKeys: 0,
};
const application: KeyModes = { ...legacy, applicationCursor: true, applicationKeypad: true };
const kitty = (kittyFlags: number): KeyModes => ({ ...legacy, kittyFlags });
const otherKeys = (modifyOtherKeys: 1 | 2): KeyModes => ({ ...legacy, modifyOtherKeys });

/** The bytes of one key as readable text: ESC for 1B, ^A for other control bytes. */
function press(written: string, modes: KeyModes): string {
  const bytes = parseKeys(written).map((key) => encodeKey(key, modes));
  return Buffer.concat(bytes)
    .toString('utf8')
    .replace(/\x1b/g, 'ESC ')
    .replace(/[\x00-\x1f]/g, (byte) => `^${String.fromCharCode(byte.charCodeAt(0) + 64)}`)
    .replace(/\x7f/g, '^?');
}

function refusal(written: string, modes: KeyModes): string {
  try {
    return `was sent as ${press(written, modes)}`;
  } catch (error) {
    if (error instanceof InvalidKeyError) return error.message;
    throw error;
  }
}

/** One `key → bytes` a line. */
function rows(table: string): [string, string][] {
  return table
    .trim()
    .split('\n')
    .map((line) => line.split('→').map((cell) => cell.trim()) as [string, string]);
}

describe('legacy bytes', () => {
  test.each(
    rows(`
      Enter → ^M
      Tab → ^I
      Escape → ESC
      Backspace → ^?
      Shift+Tab → ESC [Z
      BackTab → ESC [Z
      Alt+Shift+Tab → ESC ESC [Z
      Ctrl+Space → ^@
      Ctrl+Backspace → ^H
      Alt+Backspace → ESC ^?
      Ctrl+Alt+Backspace → ESC ^H
      Alt+Enter → ESC ^M
      Alt+Escape → ESC ESC
      Up → ESC [A
      Down → ESC [B
      Right → ESC [C
      Left → ESC [D
      Home → ESC [H
      End → ESC [F
      Insert → ESC [2~
      Delete → ESC [3~
      PageUp → ESC [5~
      PageDown → ESC [6~
      Shift+Up → ESC [1;2A
      Alt+Up → ESC [1;3A
      Ctrl+Up → ESC [1;5A
      Super+Up → ESC [1;9A
      Ctrl+Shift+Alt+Super+Up → ESC [1;16A
      Ctrl+Home → ESC [1;5H
      Ctrl+Delete → ESC [3;5~
      Shift+PageUp → ESC [5;2~
      F1 → ESC OP
      F2 → ESC OQ
      F3 → ESC OR
      F4 → ESC OS
      F5 → ESC [15~
      F6 → ESC [17~
      F7 → ESC [18~
      F8 → ESC [19~
      F9 → ESC [20~
      F10 → ESC [21~
      F11 → ESC [23~
      F12 → ESC [24~
      Shift+F1 → ESC [1;2P
      Ctrl+F5 → ESC [15;5~
      F13 → ESC [1;2P
      F17 → ESC [15;2~
      F24 → ESC [24;2~
      Ctrl+F13 → ESC [1;6P
      a → a
      A → A
      é → é
      Shift+a → A
      Shift+é → É
      Ctrl+C → ^C
      Ctrl+c → ^C
      Ctrl+[ → ESC
      Ctrl+\\ → ^\\
      Ctrl+] → ^]
      Ctrl+^ → ^^
      Ctrl+_ → ^_
      Ctrl+@ → ^@
      Ctrl+? → ^?
      Ctrl+/ → ^_
      Ctrl+2 → ^@
      Ctrl+3 → ESC
      Ctrl+4 → ^\\
      Ctrl+5 → ^]
      Ctrl+6 → ^^
      Ctrl+7 → ^_
      Ctrl+8 → ^?
      Alt+x → ESC x
      Alt+X → ESC X
      Alt+Shift+x → ESC X
      Alt+1 → ESC 1
      Alt+é → ESC é
      Ctrl+Alt+c → ESC ^C
      Ctrl+Alt+Space → ESC ^@
      KP5 → 5
      KPEnter → ^M
      KPPlus → +
      KPMinus → -
      KPMultiply → *
      KPDivide → /
      KPDecimal → .
      Alt+KP5 → ESC 5
    `),
  )('%s is %s', (written, bytes) => {
    expect(press(written, legacy)).toBe(bytes.replace(/ESC$/, 'ESC '));
  });

  test('Ctrl and each letter is the control character of that letter', () => {
    for (let code = 1; code <= 26; code++) {
      const [key] = parseKeys(`Ctrl+${String.fromCharCode(code + 64)}`);
      expect(key && [...encodeKey(key, legacy)]).toEqual([code]);
    }
  });

  test.each(
    rows(`
      Up → ESC OA
      Down → ESC OB
      Right → ESC OC
      Left → ESC OD
      Home → ESC OH
      End → ESC OF
      Ctrl+Up → ESC [1;5A
      Delete → ESC [3~
      KP0 → ESC Op
      KP9 → ESC Oy
      KPEnter → ESC OM
      KPPlus → ESC Ok
      KPMinus → ESC Om
      KPMultiply → ESC Oj
      KPDivide → ESC Oo
      KPDecimal → ESC On
      Ctrl+KPPlus → ESC O5k
    `),
  )('%s is %s in application modes', (written, bytes) => {
    expect(press(written, application)).toBe(bytes);
  });

  test.each([
    'Ctrl+1',
    'Ctrl+-',
    'Ctrl+é',
    'Super+x',
    'Super+Enter',
    'Shift+Enter',
    'Ctrl+Enter',
    'Ctrl+Tab',
    'Ctrl+Shift+c',
    'Shift+Space',
    'Shift+Backspace',
    'Ctrl+Escape',
  ])('%s has no bytes of its own and says what would give it some', (written) => {
    expect(refusal(written, legacy)).toBe(
      `"${written}" cannot be sent: the program reads keys in the legacy encoding, which has no bytes for it; ` +
        'it would have to turn on the kitty keyboard protocol (CSI > 1 u) or modifyOtherKeys (CSI > 4 ; 2 m)',
    );
  });

  test('what only a keyboard layout knows is refused', () => {
    expect(refusal('Shift+1', legacy)).toBe(
      '"Shift+1" cannot be sent: what Shift makes of this key depends on the keyboard layout; ' +
        'write the character that it gives, as in "!"',
    );
    expect(refusal('Shift+1', otherKeys(2))).toMatch(/keyboard layout/);
  });

  test('a modified keypad key without application keypad mode, a grapheme with Ctrl, and Shift+F13 are refused', () => {
    expect(refusal('Ctrl+KP5', legacy)).toMatch(/application keypad mode/);
    expect(refusal('Ctrl+👩‍👩‍👧', kitty(1))).toMatch(/several code points/);
    expect(refusal('Shift+F13', legacy)).toMatch(/turn on the kitty keyboard protocol \(CSI > 1 u\)$/);
  });
});

describe('modifyOtherKeys', () => {
  test.each(
    rows(`
      Ctrl+c → ^C
      Alt+x → ESC x
      Ctrl+/ → ^_
      Shift+Tab → ESC [Z
      Ctrl+Enter → ESC [27;5;13~
      Shift+Enter → ESC [27;2;13~
      Ctrl+Tab → ESC [27;5;9~
      Ctrl+Shift+Tab → ESC [27;6;9~
      Ctrl+1 → ESC [27;5;49~
      Ctrl+Shift+a → ESC [27;6;65~
      Ctrl+, → ESC [27;5;44~
      Super+x → ESC [27;9;120~
      Shift+Space → ESC [27;2;32~
    `),
  )('at level 1 %s is %s', (written, bytes) => {
    expect(press(written, otherKeys(1))).toBe(bytes);
  });

  test.each(
    rows(`
      a → a
      A → A
      Shift+a → A
      Tab → ^I
      Ctrl+i → ESC [27;5;105~
      Ctrl+I → ESC [27;5;105~
      Ctrl+Shift+i → ESC [27;6;73~
      Alt+x → ESC [27;3;120~
      Alt+X → ESC [27;4;88~
      Ctrl+Alt+x → ESC [27;7;120~
      Ctrl+[ → ESC [27;5;91~
      Ctrl+Space → ESC [27;5;32~
      Shift+Tab → ESC [Z
      Ctrl+Backspace → ^H
      Shift+Backspace → ESC [27;2;127~
      Alt+Enter → ESC [27;3;13~
      Ctrl+Up → ESC [1;5A
    `),
  )('at level 2 %s is %s', (written, bytes) => {
    expect(press(written, otherKeys(2))).toBe(bytes);
  });
});

describe('the kitty keyboard protocol', () => {
  test.each(
    rows(`
      1: a → a
      1: Shift+a → A
      1: é → é
      1: Enter → ^M
      1: Tab → ^I
      1: Backspace → ^?
      1: Escape → ESC [27u
      1: Shift+Enter → ESC [13;2u
      1: Ctrl+Enter → ESC [13;5u
      1: Shift+Tab → ESC [9;2u
      1: Ctrl+Backspace → ESC [127;5u
      1: Ctrl+c → ESC [99;5u
      1: Ctrl+C → ESC [99;5u
      1: Ctrl+Shift+C → ESC [99;6u
      1: Ctrl+i → ESC [105;5u
      1: Alt+x → ESC [120;3u
      1: Alt+X → ESC [120;4u
      1: Super+x → ESC [120;9u
      1: Ctrl+1 → ESC [49;5u
      1: Shift+Space → ESC [32;2u
      1: Up → ESC [A
      1: Ctrl+Up → ESC [1;5A
      1: F1 → ESC [P
      1: F3 → ESC [13~
      1: Shift+F3 → ESC [13;2~
      1: F5 → ESC [15~
      1: Delete → ESC [3~
      1: F13 → ESC [57376u
      1: F24 → ESC [57387u
      1: KP5 → 5
      1: Ctrl+KP5 → ESC [57404;5u
      1: KPEnter → ESC [57414u
      5: Ctrl+Shift+a → ESC [97:65;6u
      5: Ctrl+a → ESC [97;5u
      8: a → ESC [97u
      8: A → ESC [97;2u
      8: Enter → ESC [13u
      8: Tab → ESC [9u
      8: Space → ESC [32u
      8: KP5 → ESC [57404u
      12: A → ESC [97:65;2u
      24: a → ESC [97;;97u
      24: Shift+a → ESC [97;2;65u
      24: Ctrl+a → ESC [97;5u
      24: é → ESC [233;;233u
      24: KPPlus → ESC [57413;;43u
      24: 👩‍👩‍👧 → ESC [0;;128105:8205:128105:8205:128103u
      8: 👩‍👩‍👧 → 👩‍👩‍👧
      4: Ctrl+c → ^C
      4: Ctrl+1 → ESC [49;5u
      2: a → a
      2: Up → ESC [AESC [1;1:3A
      3: a → a
      3: Ctrl+c → ESC [99;5uESC [99;5:3u
      3: Ctrl+Enter → ESC [13;5u
      11: Enter → ESC [13uESC [13;1:3u
      31: A → ESC [97:65;2;65uESC [97:65;2:3u
    `).map(([left, bytes]) => [...(left.split(': ') as [string, string]), bytes] as const),
  )('with flags %s, %s is %s', (flags, written, bytes) => {
    expect(press(written, kitty(Number(flags)))).toBe(bytes);
  });

  test('it comes before modifyOtherKeys and application cursor mode', () => {
    expect(press('Ctrl+i', { ...kitty(1), modifyOtherKeys: 2 })).toBe('ESC [105;5u');
    expect(press('Up', { ...kitty(1), applicationCursor: true })).toBe('ESC [A');
  });
});

test('Shift with a sign is refused wherever a key that makes text goes as text', () => {
  for (const modes of [
    kitty(1),
    kitty(2),
    kitty(4),
    kitty(5),
    kitty(7),
    { ...legacy, modifyOtherKeys: 2 as const },
  ])
    for (const key of ['Shift+;', 'Shift+1', 'Shift+/']) {
      expect(() => parseKeys(key).map((parsed) => encodeKey(parsed, modes)), key).toThrow(/keyboard layout/);
    }
  expect(press('Shift+;', kitty(8))).toBe('ESC [59;2u');
  expect(press('Ctrl+Shift+;', kitty(1))).toBe('ESC [59;6u');
});

test('the focus is told to a program that asked for it, whatever else it asked for, and to no other', () => {
  for (const modes of [legacy, application, kitty(31), otherKeys(2)]) {
    expect(press('FocusIn focusout', { ...modes, focusEvents: true })).toBe('ESC [IESC [O');
    expect(refusal('FocusIn', modes)).toContain('the program has not asked for focus events');
    expect(refusal('Shift+FocusOut', { ...modes, focusEvents: true })).toContain('no modifiers');
  }
});
