/** Which lines of a flood need not be searched: told from the bytes, and compared with the screen they made. */
import { expect, test } from 'vitest';
import { PassingWords, type Sought } from '../../packages/daemon/src/pty/passing-words.ts';
import { type Finder, findsRegex, findsText } from '../../packages/daemon/src/search/finders.ts';
import {
  mayHavePrinted,
  wordOf,
  wordOfRegex,
  writtenLeftToRight,
} from '../../packages/daemon/src/search/left-to-right.ts';
import { LineSearch } from '../../packages/daemon/src/search/line-search.ts';
import type { Session } from '../../packages/daemon/src/session/session.ts';
import { Screen } from '../../packages/terminal/src/index.ts';
import { randomNumbers } from '../terminal/random-stream.ts';

test.for([
  ['', false],
  ['fini\r\nshed\r\n', false],
  ['it is finished\r\n', true],
  ['it fini\x1b[1;31mshed\r\n', true],
  ['fini\tshed', true],
  ['fini\u200bshed', true],
  ['fini—shed', true],
  ['\x1b[32mok\x1b[0m — 3 ✓\r\n', false],
  ['ok\r\n\x1b[3', false],
  ['ok\r', false],
  ['x\n  y\r\r\n', false],
  ['_inished\rf\r\n', true],
  ['finis\x1b[2Chxed', true],
  ['\x1b]0;title\x07', true],
  ['fini\u009b1mshed', true],
  ['x\b\bf', true],
  ['\x0e', true],
] as const)('%j may have put a word on a line of its own: %s', ([output, may]) => {
  expect(mayHavePrinted('finished', writtenLeftToRight(Buffer.from(output)))).toBe(may);
});

test('the word of a text is the longest that has no blank', () => {
  expect(['all done', '✓ ok', '$ ', ' ', '✓'].map(wordOf)).toEqual(['done', 'ok', '$', undefined, undefined]);
});

test('an expression has a word where that stands in each of its matches', () => {
  const words = {
    '^31313$': '31313',
    'done in \\d+ s$': 'done',
    'abc+d': 'abc',
    'xc+bc': 'xc',
    '^.+x': 'x',
    'tot\\.al': 'tot.al',
    'abb?c': 'ab',
    'a{2}bc': 'bc',
    '[0-9]+ passed': 'passed',
    '[]x]ab[[:alpha:]\\]y]c': 'ab',
    '(error|warning): (?:(in|at) )?line': 'line',
    '(?P<word>ab)cd*e': 'c',
  };
  expect(Object.keys(words).map(wordOfRegex)).toEqual(Object.values(words));
  const without = [
    '(?i)done',
    'a|bc',
    '[ab]',
    '(done)',
    'a{2}',
    'a*',
    '\\x41bc',
    '\\Qa.b\\E',
    '[\\pL]abc',
    '(?i:ab)cd',
  ];
  expect(without.map(wordOfRegex)).toEqual(without.map(() => undefined));
});

/** Parts of the word, and what may come between them; one of the odd ones in each piece. */
const ODD_TOKENS = [
  '\r',
  '\b',
  '\x1b[2C',
  '\x1b[A',
  '\x1b[2K',
  '\x1b[4h',
  '\x1b[?7l',
  '\x1b[?7h',
  '\x1b[3b',
].concat([
  'é',
  'e\u0301',
  '👍',
  '\u009b1m',
  '\u0085',
  '\x0e',
  '\x0f',
  '\x1b(0',
  '\x1b(B',
  '_',
  '\x1b[2;3r',
  '\x07',
]);
const PLAIN_TOKENS = [
  'a',
  'c',
  'b',
  'b',
  'bc',
  'ab',
  ' ',
  '\r\n',
  '\r\n',
  '\n',
  '\t',
  '\x1b[1m',
  '漢',
  '\u200b',
];

test('no line that came and went with the word in it is passed over', () => {
  const random = randomNumbers(7);
  let passed = 0;
  let skipped = 0;
  for (let round = 0; round < 200; round++) {
    const screen = new Screen({ cols: 3 + Math.floor(random() * 5), rows: 2, scrollback: 10_000 });
    let bytes = Buffer.alloc(0);
    for (let part = 0; part < 20; part++) {
      const odd = ODD_TOKENS[Math.floor(random() * ODD_TOKENS.length)];
      const tokens = [...PLAIN_TOKENS, odd, odd];
      const text = Array.from({ length: 30 }, () => tokens[Math.floor(random() * tokens.length)]).join('');
      bytes = Buffer.concat([bytes, Buffer.from(text)]);
      // Output comes in pieces that are cut anywhere.
      const piece = bytes.subarray(0, Math.floor(random() * bytes.length));
      bytes = bytes.subarray(piece.length);
      const { topLine } = screen;
      screen.write(piece);
      if (screen.topLine - topLine <= 2 || !screen.modes.wraparound) continue;
      const { next } = screen.searchable(topLine, 2);
      if (next === undefined) continue;
      passed++;
      if (mayHavePrinted('ac', writtenLeftToRight(piece))) continue;
      skipped++;
      const gone = screen
        .searchable(next, Number.POSITIVE_INFINITY)
        .lines()
        .filter((line) => line.at(line.text.length).row < 0);
      expect(gone.filter(({ text }) => text.includes('ac'))).toEqual([]);
    }
  }
  // What is compared is there.
  expect([passed > 500, skipped > 50]).toEqual([true, true]);
});

/** As much of a session as a search needs: a screen, and all of its output. */
function searchedSession(cols: number, rows: number) {
  const screen = new Screen({ cols, rows, scrollback: 10_000 });
  let output = Buffer.alloc(0);
  const words = new PassingWords();
  const session = {
    screen,
    retention: { start: 0, read: (from: number, length: number) => output.subarray(from, from + length) },
    isExited: false,
    calm: { from: 0, to: 0, topLine: 0 },
    get parsedBytes() {
      return output.length;
    },
    beginSearch: (sought: Sought) => words.begin(sought, output.length),
    pauseParsing() {},
  };
  const write = (bytes: Buffer) => {
    words.look(bytes, output.length);
    output = Buffer.concat([output, bytes]);
    screen.write(bytes);
  };
  return { session: session as unknown as Session, screen, write };
}

test('a search after each piece of output finds what a search of all lines does', () => {
  const random = randomNumbers(11);
  let looks = 0;
  let found = 0;
  let unaffected = 0;
  for (let round = 0; round < 400; round++) {
    const { session, screen, write } = searchedSession(
      3 + Math.floor(random() * 6),
      2 + Math.floor(random() * 3),
    );
    const search = new LineSearch(
      session,
      findsText('acb', screen.size.cols),
      0,
      () => 'new',
      () => true,
    );
    search.find();
    for (let part = 0; part < 40; part++) {
      const isOdd = random() < 0.2;
      const tokens = isOdd ? [...PLAIN_TOKENS, ...ODD_TOKENS] : PLAIN_TOKENS;
      const count = 1 + Math.floor(random() * 12);
      const text = Array.from({ length: count }, () => tokens[Math.floor(random() * tokens.length)]).join('');
      write(Buffer.from(text));
      const all = screen.searchable(0, Number.POSITIVE_INFINITY).text;
      const isUnaffected = search.isUnaffected();
      if (isUnaffected) unaffected++;
      const match = isUnaffected ? undefined : search.find();
      expect({ round, part, text, isFound: match !== undefined }).toEqual({
        round,
        part,
        text,
        isFound: all.includes('acb'),
      });
      looks++;
      if (match === undefined) continue;
      found++;
      break;
    }
  }
  expect([looks > 2000, found > 30, unaffected > 200]).toEqual([true, true, true]);
});

test('a search that nothing has affected would find nothing', () => {
  const random = randomNumbers(13);
  const pick = (tokens: readonly string[]) => tokens[Math.floor(random() * tokens.length)] as string;
  let unaffected = 0;
  let found = 0;
  for (let round = 0; round < 1500; round++) {
    const { session, screen, write } = searchedSession(3 + Math.floor(random() * 6), 2);
    const search = new LineSearch(
      session,
      findsText('acb', screen.size.cols),
      0,
      () => 'new',
      () => true,
    );
    write(Buffer.from(Array.from({ length: 6 }, () => pick(ODD_TOKENS)).join('')));
    write(Buffer.from('\r\n\r\n'));
    const odd = pick(ODD_TOKENS);
    for (let part = 0; part < 12; part++) {
      const tokens = ['a', 'c', 'b', 'cb', pick(['\r\n', '\n', '\r\n', odd])];
      const text = Array.from({ length: 1 + Math.floor(random() * 8) }, () => pick(tokens)).join('');
      write(Buffer.from(text));
      const isFound = screen.searchable(0, Number.POSITIVE_INFINITY).text.includes('acb');
      if (search.isUnaffected()) {
        unaffected++;
        expect({ round, part, odd, text, isFound }).toEqual({ round, part, odd, text, isFound: false });
      } else search.find();
      if (isFound) found++;
      if (isFound) break;
    }
  }
  expect([unaffected > 1000, found > 300]).toEqual([true, true]);
});

const EXPRESSIONS = [
  'a[bc]c',
  'ac|ccb',
  '(?i)aCb',
  'a\\s+c',
  'c\\nb',
  'a +c',
  '[^b]b{2}c$',
  '^c.a',
  '\\bca\\b',
  '[^a-c\\s]c',
  '(?i)k',
  'c(b|ac)*[^bc\\s]$',
];

test.for(EXPRESSIONS)('a search for %s that nothing has affected would find nothing', async (pattern) => {
  const finder = await findsRegex(pattern);
  // All of these are followed as the expressions they are.
  expect(typeof finder.sought).toBe('object');
  const random = randomNumbers(19);
  const pick = (tokens: readonly string[]) => tokens[Math.floor(random() * tokens.length)] as string;
  let unaffected = 0;
  let found = 0;
  for (let round = 0; round < 200; round++) {
    const { session, screen, write } = searchedSession(4 + Math.floor(random() * 8), 2);
    write(Buffer.from('\r\n\r\n'));
    const newSearch = (of: Finder) =>
      new LineSearch(
        session,
        of,
        0,
        () => 'new',
        () => true,
      );
    const search = newSearch(finder);
    // Others are followed at the same time.
    if (random() < 0.3) newSearch(findsText('abba', screen.size.cols));
    if (random() < 0.3) newSearch(await findsRegex(pick(EXPRESSIONS)));
    const odd = pick([...ODD_TOKENS, 'é', 'é', '\u212a', '\t', '\x1b[1m', '\u00a0']);
    for (let part = 0; part < 12; part++) {
      const tokens = ['a', 'c', 'b', ' ', pick(['\r\n', '\r\n', '\n', odd])];
      const text = Array.from({ length: 1 + Math.floor(random() * 8) }, () => pick(tokens)).join('');
      write(Buffer.from(text));
      const all = screen.searchable(0, Number.POSITIVE_INFINITY).text;
      const isFound = [...finder.find(all)].length > 0;
      if (search.isUnaffected()) {
        unaffected++;
        expect({ round, part, odd, text, isFound }).toEqual({ round, part, odd, text, isFound: false });
      } else search.find();
      if (isFound) found++;
      if (isFound) break;
    }
  }
  expect([unaffected > 50, found > 3]).toEqual([true, true]);
});

test('an expression that has too many states is searched for on the screen, and no word is lost for it', async () => {
  const { sought } = await findsRegex('a.{14}[bc]{14}d');
  const words = new PassingWords();
  const word = words.begin('dab', 0);
  const expression = words.begin(sought, 0);
  const random = randomNumbers(23);
  const line = () => `${Array.from({ length: 60 }, () => (random() < 0.5 ? 'a' : 'b')).join('')}\r\n`;
  let offset = 0;
  const print = (text: string) => {
    words.look(Buffer.from(text), offset);
    const from = offset;
    offset += text.length;
    return { word: word.isAbsent(from, offset), expression: expression.isAbsent(from, offset) };
  };
  print('\r\n\r\n\r\n');
  expect(print('ab\r\n')).toEqual({ word: true, expression: true });
  for (let count = 0; count < 200; count++) print(line());
  print('\r\n\r\n\r\n');
  expect(print('ab\r\n')).toEqual({ word: true, expression: false });
  expect(print('dab\r\n')).toEqual({ word: false, expression: false });
  expect(words.absentFor(0)).toBe(0);
  // Once that one has ended, others are followed again.
  expression.end();
  const other = words.begin((await findsRegex('[xy]+z')).sought, offset);
  print('\r\n\r\n\r\n');
  const from = offset;
  print('ab\r\n');
  expect(other.isAbsent(from, offset)).toBe(true);
});

test('a search finds what there is, however many others begin and end while it goes on', () => {
  const random = randomNumbers(17);
  const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)] as T;
  let unaffected = 0;
  let found = 0;
  for (let round = 0; round < 600; round++) {
    const { session, screen, write } = searchedSession(12, 2);
    const newSearch = (word: string) => ({
      word,
      search: new LineSearch(
        session,
        findsText(word, screen.size.cols),
        0,
        () => 'new',
        () => true,
      ),
    });
    let searches = [newSearch('acb')];
    for (let part = 0; part < 25; part++) {
      const count = 1 + Math.floor(random() * 9);
      const text = Array.from({ length: count }, () => pick(['a', 'c', 'bb', '\r\n', '\r\n'])).join('');
      write(Buffer.from(text));
      const all = screen.searchable(0, Number.POSITIVE_INFINITY).text;
      for (const { search, word } of searches) {
        const isUnaffected = search.isUnaffected();
        if (isUnaffected) unaffected++;
        const isFound = !isUnaffected && search.find() !== undefined;
        if (isFound) found++;
        expect({ round, part, text, word, isFound }).toEqual({
          round,
          part,
          text,
          word,
          isFound: all.includes(word),
        });
        if (isFound) search.close();
      }
      searches = searches.filter(({ word }) => !all.includes(word));
      const change = random();
      if (change < 0.3) searches.push(newSearch(pick(['acb', 'cabb', 'bbac', 'aa', 'ccc', 'bbbba'])));
      if (change > 0.9) searches.shift()?.search.close();
    }
  }
  expect([unaffected > 1000, found > 300]).toEqual([true, true]);
});

test('a search does not look at the screen again because another has begun', () => {
  const { session, write } = searchedSession(80, 2);
  const begin = (word: string) =>
    new LineSearch(
      session,
      findsText(word, 80),
      0,
      () => 'new',
      () => true,
    );
  const first = begin('never');
  write(Buffer.from('1\r\n2\r\n3\r\n'));
  first.find();
  write(Buffer.from('4\r\n5\r\n'));
  first.find();
  write(Buffer.from('6\r\n7'));
  const others = Array.from({ length: 20 }, (_, number) => {
    const other = begin(`other${number}`);
    write(Buffer.from(`8\r\n${number}`));
    return [first.isUnaffected(), other.find()];
  });
  expect(others.filter(([isUnaffected]) => !isUnaffected)).toEqual([]);
});

/** How many lines were made text of, for each that was printed. */
async function linesSearched(finders: readonly Finder[]): Promise<number> {
  const { session, screen, write } = searchedSession(80, 24);
  const searchable = screen.searchable.bind(screen);
  let lines = 0;
  screen.searchable = (from, most) => {
    const made = searchable(from, most);
    lines += made.starts.length;
    return made;
  };
  const searches = finders.map(
    (finder) =>
      new LineSearch(
        session,
        finder,
        0,
        () => 'new',
        () => true,
      ),
  );
  write(Buffer.from('one\r\ntwo\r\n'));
  for (const search of searches) search.find();
  const printed = 20_000;
  for (let first = 0; first < printed; first += 1000) {
    write(Buffer.from(Array.from({ length: 1000 }, (_, index) => `${first + index}\r\n`).join('')));
    for (const search of searches) {
      if (search.isUnaffected()) continue;
      while (search.find() === 'more');
    }
  }
  return lines / printed;
}

test('how many lines of a flood are searched does not depend on how many search in it', async () => {
  const texts = Array.from({ length: 100 }, (_, number) => findsText(`never ${number}`, 80));
  const withWord = await Promise.all(texts.map((_, number) => findsRegex(`[0-9]+ never${number}`)));
  const withoutWord = await Promise.all(
    texts.map((_, number) => findsRegex(`[a-z]{${number % 9}}[!?]{1,${1 + (number % 7)}}`)),
  );
  // Only as they begin.
  expect(await linesSearched([...texts, ...withWord, ...withoutWord])).toBeLessThan(0.1);
  // Of which it cannot be told from the characters that they never match.
  const without = await Promise.all(
    texts.slice(0, 10).map((_, number) => findsRegex(`[0-9]{${1 + (number % 3)}}$[0-9]{1,${number + 1}}`)),
  );
  // Each line once, and those on the screen and around each part once more.
  const ofOne = await linesSearched(without.slice(0, 1));
  expect(ofOne).toBeLessThan(1.2);
  expect(await linesSearched(without)).toBeLessThan(ofOne * 1.2);
});
