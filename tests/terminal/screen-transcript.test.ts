import { expect, test } from 'vitest';
import { Transcript } from '../../packages/terminal/src/index.ts';

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function transcribed(text: string, cols = 20, rows = 4): string {
  const transcript = new Transcript({ cols, rows });
  return transcript.write(bytes(text)) + transcript.end();
}

test.each([
  ['nothing', '', ''],
  ['one line', 'hello', 'hello\n'],
  ['lines', 'one\r\ntwo\r\n', 'one\ntwo\n'],
  ['empty lines between', 'one\r\n\r\n\r\ntwo', 'one\n\n\ntwo\n'],
  ['colours', '\x1b[1;31mred\x1b[0m and \x1b[7mreverse\x1b[m', 'red and reverse\n'],
  ['a soft wrap', 'the quick brown fox jumps over\r\nnext', 'the quick brown fox jumps over\nnext\n'],
  ['a wide character that did not fit', `${'x'.repeat(19)}漢字`, `${'x'.repeat(19)}漢字\n`],
  ['a progress bar', ' 10%\r 50%\r100%\r\ndone\r\n', '100%\ndone\n'],
  ['a spinner', '- wait\r\x1b[K\\ wait\r\x1b[Kok\r\n', 'ok\n'],
  ['backspaces', 'helo\blo', 'hello\n'],
  ['trailing blanks', 'a   \r\nb', 'a\nb\n'],
])('a transcript of %s is what a person reads', (_, text, expected) => {
  expect(transcribed(text)).toBe(expected);
});

test('a line is told when it has left the screen, and once', () => {
  const transcript = new Transcript({ cols: 20, rows: 4 });
  expect(transcript.write(bytes('1\r\n2\r\n3\r\n4'))).toBe('');
  expect(transcript.write(bytes('\r\n5\r\n6'))).toBe('1\n2\n');
  expect(transcript.end()).toBe('3\n4\n5\n6\n');
});

test('a line longer than the screen comes whole', () => {
  const long = 'abcdefghij'.repeat(1000);
  expect(transcribed(`${long}\r\nend\r\n`)).toBe(`${long}\nend\n`);
});

test('a line without end is told in pieces, so that memory stays bounded', () => {
  const transcript = new Transcript({ cols: 80, rows: 24 });
  const piece = bytes('x'.repeat(1 << 16));
  let told = '';
  for (let i = 0; i < 48; i++) told += transcript.write(piece);
  expect(told.length).toBeGreaterThan(1 << 20);
  told += transcript.end();
  expect(told.replaceAll('\n', '')).toBe('x'.repeat(48 << 16));
});

test('a hundred thousand lines arrive, each once and in order, however the stream is cut', () => {
  const count = 100_000;
  const expected = Array.from({ length: count }, (_, i) => `${i} é漢👍${'-'.repeat(i % 120)}`);
  const stream = bytes(expected.map((line) => `\x1b[3${line.length % 8}m${line}\x1b[m\r\n`).join(''));
  const transcript = new Transcript({ cols: 80, rows: 24 });
  let told = '';
  for (let start = 0, size = 1; start < stream.length; start += size, size = ((size * 7) % 40_009) + 1) {
    told += transcript.write(stream.subarray(start, start + size));
  }
  told += transcript.end();
  const lines = told.split('\n');
  expect(lines.pop()).toBe('');
  const broken = expected.findIndex((line, i) => line !== lines[i]);
  expect([lines.length, broken === -1 ? 'all the same' : `${expected[broken]} | ${lines[broken]}`]).toEqual([
    count,
    'all the same',
  ]);
});

test('a program on the alternate screen leaves what the main screen had', () => {
  const session = `before\r\n\x1b[?1049h\x1b[H${'frame\r\n'.repeat(50)}\x1b[?1049lafter\r\n`;
  expect(transcribed(session)).toBe('before\nafter\n');
});

test('a program still on the alternate screen at the end leaves its last frame', () => {
  expect(transcribed('before\r\n\x1b[?1049h\x1b[Hfirst\x1b[2J\x1b[H~\r\nlast frame')).toBe(
    'before\n~\nlast frame\n',
  );
});

test('a full reset loses neither the lines before it nor those that follow', () => {
  expect(transcribed('1\r\n2\r\n3\r\n4\r\n5\x1bca\r\nb\r\nc\r\nd\r\ne')).toBe(
    '1\n2\n3\n4\n5\na\nb\nc\nd\ne\n',
  );
});

test('resizing tells no line twice and loses none', () => {
  const transcript = new Transcript({ cols: 40, rows: 10 });
  const sizes = [
    { cols: 20, rows: 3 },
    { cols: 80, rows: 30 },
    { cols: 1, rows: 1 },
    { cols: 40, rows: 10 },
    { cols: 5, rows: 40 },
    { cols: 40, rows: 2 },
  ];
  let told = '';
  let line = 0;
  for (let round = 0; round < 10; round++) {
    for (const { cols, rows } of sizes) {
      for (let i = 0; i < 7; i++) told += transcript.write(bytes(`line ${line++}\r\n`));
      told += transcript.resize(cols, rows);
    }
  }
  told += transcript.end();
  expect(told).toBe(Array.from({ length: line }, (_, i) => `line ${i}\n`).join(''));
});

test.each([
  ['clear', '\x1b[H\x1b[2J\x1b[3J'],
  ['a full reset', '\x1bc'],
  ['ED below from the top', '\x1b[H\x1b[J'],
  ['ED above from the bottom', '\x1b[99;999H\x1b[1J\x1b[H'],
  ['a full reset on the alternate screen', '\x1b[?1049hediting\x1bc'],
])('lines that %s erases have gone by, once', (_, erase) => {
  const stream = `error TS1005\r\nin a file${erase}Watching for changes`;
  expect(transcribed(stream)).toBe('error TS1005\nin a file\nWatching for changes\n');
  // Who follows has been told some of them before.
  const transcript = new Transcript({ cols: 20, rows: 4 });
  const at = stream.indexOf('\x1b');
  const followed = [stream.slice(0, at - 4), stream.slice(at - 4, at), stream.slice(at)]
    .map((part) => transcript.write(new TextEncoder().encode(part)) + transcript.flush())
    .join('');
  expect(followed + transcript.end()).toBe('error TS1005\nin a file\nWatching for changes\n');
});

test('what the main screen shows while a program is on the alternate one is told once', () => {
  expect(transcribed('one\r\n\x1b[?1049h\x1b[2Jframe\x1b[2J\x1b[?1049ltwo\x1b[2J\x1b[Hthree')).toBe(
    'one\ntwo\nthree\n',
  );
});

test('a line of more than a million characters is one line', () => {
  const long = 'ab cd '.repeat(500_000);
  expect(transcribed(`first\r\n${long}|\r\nlast`)).toBe(`first\n${long}|\nlast\n`);
});

test.each([
  ['nothing', '', ''],
  ['whole lines', 'one\r\ntwo\r\n', 'one\ntwo\n'],
  ['a line that is begun', 'one\r\ntw', 'one\n'],
  ['a begun line that is folded', 'one\r\nthe quick brown fox jumps over', 'one\n'],
  ['a begun line whose beginning has left the screen', `one\r\n${'x'.repeat(200)}`, 'one\n'],
  ['a line that is written anew, above others', 'one\r\ntwo\r\nthree\x1b[1;1Hon', 'two\nthree\n'],
])('behind %s, a gap leaves out the line that may go on there', (_, text, expected) => {
  for (const isFlushed of [false, true]) {
    const transcript = new Transcript({ cols: 20, rows: 4 });
    let told = '';
    for (const byte of bytes(text)) {
      told += transcript.write(Uint8Array.of(byte));
      if (isFlushed) told += transcript.flush();
    }
    told += transcript.endCut();
    // What was told before it was written anew is not taken back.
    expect(told).toBe(isFlushed ? expected.replace(/^two\nthree/, 'one\ntwo\nthree') : expected);
  }
});
