import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { encodeKey, parseKeys } from '../../packages/terminal/src/index.ts';

/** As after smkx, which is when terminfo's key capabilities hold: DECCKM and DECKPAM on. */
const afterSmkx = {
  applicationCursor: true,
  applicationKeypad: true,
  kittyFlags: 0,
  modifyOtherKeys: 0,
} as const;

/** What ncurses knows of xterm's keys: capability to bytes, in infocmp's notation. */
function readCapabilities(): Map<string, string> {
  try {
    const text = execFileSync('infocmp', ['-x', '-1', 'xterm-256color'], { encoding: 'utf8' });
    return new Map(
      text.split('\n').flatMap((line) => {
        const match = /^\s+(k\w+)=(.*),$/.exec(line);
        return match
          ? [[match[1] ?? '', (match[2] ?? '').replace(/\\E/g, '\x1b').replace('^?', '\x7f')]]
          : [];
      }),
    );
  } catch {
    console.warn('infocmp is missing (Debian: ncurses-bin): keys are not compared with terminfo');
    return new Map();
  }
}

const capabilities = readCapabilities();

const unmodified: Record<string, string> = {
  kcuu1: 'Up',
  kcud1: 'Down',
  kcub1: 'Left',
  kcuf1: 'Right',
  khome: 'Home',
  kend: 'End',
  kich1: 'Insert',
  kdch1: 'Delete',
  kpp: 'PageUp',
  knp: 'PageDown',
  kcbt: 'Shift+Tab',
  kbs: 'Backspace',
  kent: 'KPEnter',
  ka1: 'KP7',
  ka3: 'KP9',
  kb2: 'KP5',
  kc1: 'KP1',
  kc3: 'KP3',
  kpADD: 'KPPlus',
  kpSUB: 'KPMinus',
  kpMUL: 'KPMultiply',
  kpDIV: 'KPDivide',
  kpDOT: 'KPDecimal',
  kpZRO: 'KP0',
  kri: 'Shift+Up',
  kind: 'Shift+Down',
};
/** Capabilities of a key with Shift; a digit after the name is the number of another set of modifiers. */
const modified: Record<string, string> = {
  kUP: 'Up',
  kDN: 'Down',
  kLFT: 'Left',
  kRIT: 'Right',
  kHOM: 'Home',
  kEND: 'End',
  kIC: 'Insert',
  kDC: 'Delete',
  kPRV: 'PageUp',
  kNXT: 'PageDown',
};
const modifierSets: Record<string, string> = {
  '': 'Shift',
  '3': 'Alt',
  '4': 'Alt+Shift',
  '5': 'Ctrl',
  '6': 'Ctrl+Shift',
  '7': 'Ctrl+Alt',
};
/** kf1–kf63 are twelve keys in these states, in this order. */
const functionKeySets = ['', 'Shift+', 'Ctrl+', 'Ctrl+Shift+', 'Alt+', 'Alt+Shift+'];

const expectations: [string, string][] = [
  ...Object.entries(unmodified),
  ...Object.entries(modified).flatMap(([capability, name]) =>
    Object.entries(modifierSets).map(([digit, held]): [string, string] => [
      capability + digit,
      `${held}+${name}`,
    ]),
  ),
  ...Array.from({ length: 24 }, (_, index): [string, string] => [`kf${index + 1}`, `F${index + 1}`]),
  ...Array.from({ length: 63 }, (_, index): [string, string] => [
    `kf${index + 1}`,
    `${functionKeySets[Math.floor(index / 12)]}F${(index % 12) + 1}`,
  ]),
];

describe.skipIf(capabilities.size === 0)('terminfo of xterm-256color', () => {
  // Some capabilities are not in every version of the database; those that are must agree.
  test.each(expectations.filter(([capability]) => capabilities.has(capability)))(
    '%s is %s',
    (capability, written) => {
      const [key] = parseKeys(written);
      expect(key && Buffer.from(encodeKey(key, afterSmkx)).toString()).toBe(capabilities.get(capability));
    },
  );

  test('the database has nearly all of them', () => {
    const missing = expectations.filter(([capability]) => !capabilities.has(capability));
    expect(missing.length).toBeLessThan(20);
  });
});
