/** Keys, escapes and typed input, as anyone may write them. */
import fc from 'fast-check';
import {
  encodeKey,
  encodePaste,
  InvalidEscapeError,
  InvalidKeyError,
  interpretEscapes,
  modifiers,
  namedKeys,
  parseKeys,
  readInput,
  readWord,
  spellKey,
} from '../../../packages/terminal/src/index.ts';
import { KeyReader } from '../../../packages/terminal/src/input/key-reader.ts';
import { mutatedText } from '../mutated.ts';
import { pure, type Target } from '../target.ts';

interface Input {
  text: string;
  /** Where what is typed is read in two parts. */
  cut: number;
  modes: [
    applicationCursor: boolean,
    applicationKeypad: boolean,
    kittyFlags: number,
    modifyOtherKeys: 0 | 1 | 2,
  ];
}

const NAMES = [
  ...namedKeys.flatMap(({ name, aliases }) => [name, ...aliases]),
  ...modifiers.flatMap(({ name, aliases }) => [name, ...aliases].flatMap((each) => [`${each}+`, `${each}-`])),
];
const TOKENS = [
  '<',
  '>',
  '+',
  '-',
  ' ',
  '\\',
  '\\x',
  '\\u{',
  '\\ud83d',
  '\x1b[',
  '\x1bO',
  '\x1b[200~',
  '\x1b[201~',
  '~',
  '^',
];

export const keys: Target<Input> = {
  name: 'keys',
  promise: 'what is no key is refused as such, and what is one has bytes and a name that is the same key',
  runsInTest: 400,
  inputs: (corpus) => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc
        .array(fc.constantFrom(...NAMES, ...TOKENS, 'a', 'é', '漢'), { maxLength: 5 })
        .map((parts) => parts.join('')),
      mutatedText([...NAMES, ...corpus.map((input) => input.text)], [...TOKENS, ...NAMES]),
    );
    const modes = fc.tuple(
      fc.boolean(),
      fc.boolean(),
      fc.nat(31),
      fc.constantFrom(0 as const, 1 as const, 2 as const),
    );
    return fc.record({ text, cut: fc.nat(80), modes });
  },
  open: pure(({ text, cut, modes: [applicationCursor, applicationKeypad, kittyFlags, modifyOtherKeys] }) => {
    const modes = { applicationCursor, applicationKeypad, kittyFlags, modifyOtherKeys };
    const written = unlessRefused(() => parseKeys(text), InvalidKeyError) ?? [];
    for (const key of written) {
      const [same] = parseKeys(spellKey(key));
      if (same === undefined || spellKey(same) !== spellKey(key))
        throw new Error(`${spellKey(key)} is another key`);
      const bytes = unlessRefused(() => encodeKey(key, modes), InvalidKeyError);
      const again = unlessRefused(() => encodeKey(same, modes), InvalidKeyError);
      if (bytes?.length === 0) throw new Error(`${spellKey(key)} has no bytes`);
      if (String(bytes) !== String(again)) throw new Error(`${spellKey(key)} has other bytes when spelled`);
    }
    unlessRefused(() => readWord(text), InvalidKeyError);
    unlessRefused(() => interpretEscapes(text), InvalidEscapeError);
    const bytes = Buffer.from(text);
    // In modes that stay: the table of what keys send is made for each.
    readInput(bytes, {
      applicationCursor: true,
      applicationKeypad: false,
      kittyFlags: 0,
      modifyOtherKeys: 0,
    });
    const pasted = Buffer.from(encodePaste(text, { bracketedPaste: true })).toString();
    if (pasted.indexOf('\x1b[201~') !== pasted.length - 6) throw new Error('a paste ends inside of its text');
    const whole = new KeyReader();
    const parts = new KeyReader();
    const at = cut % (bytes.length + 1);
    const inParts = [
      ...parts.read(bytes.subarray(0, at)),
      ...parts.read(bytes.subarray(at)),
      ...parts.flush(),
    ];
    if (JSON.stringify([...whole.read(bytes), ...whole.flush()]) !== JSON.stringify(inParts))
      throw new Error('typed in two parts it is something else');
  }),
};

function unlessRefused<T>(read: () => T, Refusal: new (...given: never[]) => Error): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}
