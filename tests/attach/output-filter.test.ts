/** What a real terminal is given of what a program writes: all that draws, and nothing that it would answer or keep. */
import { expect, test } from 'vitest';
import { OutputFilter } from '../../apps/cli/src/attach/output-filter.ts';
import { ENTER } from '../../apps/cli/src/terminal/sequences.ts';
import { Screen } from '../../packages/terminal/src/index.ts';
import { randomNumbers, randomStream } from '../terminal/random-stream.ts';

const DRAWS = [
  Buffer.from('plain text, ümläuts and 漢字\r\n').toString('latin1'),
  '\x1b[1;31mred\x1b[0m\x1b[3;4H\x1b[2J\x1b[K\x1b[5@\x1b[2;20r',
  '\x1b7\x1b8\x1bM\x1bD\x1b(0qqq\x1b(B\x0e\x0f',
  '\x1b[?1;25;2004;1000;1006;1004h\x1b[?25l\x1b[4h\x1b[4l\x1b=\x1b>',
  '\x1b[6 q\x1b[>1u\x1b[=5;1u\x1b[>4;2m',
  '\x1b]0;title\x07\x1b]2;title\x1b\\\x1b]8;;https://example.org\x1b\\link\x1b]8;;\x1b\\',
  '\x1b]9;done\x07\x1b]777;notify;a;b\x07\x1b]52;c;aGk=\x07',
  '\x1b[?2026h frame \x1b[?2026l',
];

const ASKS_OR_REACHES_BEYOND = {
  'the attributes of the terminal': ['\x1b[c', '\x1b[0c', '\x1b[>c', '\x1b[=c', '\x1bZ'],
  'its state and the cursor': ['\x1b[5n', '\x1b[6n', '\x1b[?6n', '\x1b[?996n'],
  'modes and settings': ['\x1b[?2026$p', '\x1b[4$p', '\x1bP$qm\x1b\\', '\x1b[1$w', '\x1b[?4m', '\x1b[x'],
  'the version': ['\x1b[>q', '\x1b[>0q', '\x05'],
  terminfo: ['\x1bP+q544e\x1b\\'],
  'the keyboard': ['\x1b[?u'],
  'the window': ['\x1b[14t', '\x1b[18t', '\x1b[21t', '\x1b[8;50;100t', '\x1b[3;0;0t'],
  colours: ['\x1b]4;1;?\x07', '\x1b]10;?\x1b\\', '\x1b]11;#000000\x07', '\x1b]104\x07'],
  'the clipboard': ['\x1b]52;c;?\x07'],
  'a checksum': ['\x1b[1;1;1;1;1;1*y'],
  images: ['\x1b_Ga=q;AAAA\x1b\\', '\x1bPq#0~\x1b\\', '\x1b]1337;File=:AAAA\x07'],
  'scrollback and printer': ['\x1b[3J', '\x1b[5i'],
  'marks of shells': ['\x1b]133;A\x07', '\x1b]633;A\x07', '\x1b]7;file:///\x07'],
  'modes that make a terminal report by itself': ['\x1b[?2031h', '\x1b[?2048h'],
  'the keyboard lock': ['\x1b[2h'],
  'C1 controls': ['\xc2\x9bc', '\xc2\x90q~\xc2\x9c'],
};

test.each(DRAWS)('%j is passed on as it is', (text) => {
  expect(filtered(text)).toBe(text);
});

test.each(Object.entries(ASKS_OR_REACHES_BEYOND))('%s: nothing of it is passed on', (_, sequences) => {
  for (const sequence of sequences) expect([sequence, filtered(`<${sequence}>`)]).toEqual([sequence, '<>']);
});

test('pieces make no difference, wherever they are cut', () => {
  const all = [...DRAWS, ...Object.values(ASKS_OR_REACHES_BEYOND).flat()].join('|');
  const whole = filtered(all);
  for (let size = 1; size <= 7; size++) expect(filtered(...pieces(all, size))).toBe(whole);
});

test('of several modes in one sequence, those are passed on that may be', () => {
  expect(filtered('\x1b[?25;2031;1000h')).toBe('\x1b[?25;1000h');
});

test.each(['\x1b[?1049h', '\x1b[?1049l', '\x1b[?47h', '\x1b[?1;1047l', '\x1bc', '\x1b[!p', '\x1b[?3h'])(
  '%j needs a new screen, and nothing after it is shown',
  (sequence) => {
    const { bytes, needsScreen } = new OutputFilter({ isReadOnly: false }).output(
      Buffer.from(`before${sequence}after`),
    );
    expect([String(bytes), needsScreen]).toEqual(['before', true]);
  },
);

test('a string without an end is left out, and takes no memory', () => {
  const filter = new OutputFilter({ isReadOnly: false });
  expect(String(filter.output(Buffer.from('a\x1bP')).bytes)).toBe('a');
  const megabyte = Buffer.alloc(1024 * 1024, 'x');
  for (let n = 0; n < 20; n++) expect(filter.output(megabyte).bytes.length).toBe(0);
  expect(String(filter.output(Buffer.from('\x1b\\b')).bytes)).toBe('b');
});

test('who only looks keeps the clipboard', () => {
  const { bytes } = new OutputFilter({ isReadOnly: true }).output(Buffer.from('a\x1b]52;c;aGk=\x07b'));
  expect(String(bytes)).toBe('ab');
});

test('a title of before is never taken back for the program', () => {
  expect(filtered('\x1b[23;0t\x1b[22;0t\x1b[23;0t\x1b[23;0t')).toBe('\x1b[22;0t\x1b[23;0t');
});

test('nothing that is passed on is answered by a terminal, whatever a program writes', () => {
  for (let seed = 1; seed <= 40; seed++) {
    const terminal = new Screen({ cols: 80, rows: 24, scrollback: 0, term: 'xterm-256color', version: '0' });
    const filter = new OutputFilter({ isReadOnly: false });
    const stream = Buffer.from(randomStream(randomNumbers(seed), 400));
    const asking = Buffer.concat([stream, Buffer.from('\x1b[c\x1b[6n\x1b]11;?\x07\x1b[?u')]);
    terminal.write(filter.output(asking).bytes);
    expect([seed, terminal.takeReplies()]).toEqual([seed, undefined]);
    terminal.dispose();
  }
});

test('after the farewell the terminal is as it was, whatever was shown', () => {
  for (const text of [
    ...DRAWS,
    '\x1b[?1006;1003h\x1b[3g\x1b[5;9r\x1b[?6h\x1b]2;x\x07\x1b[>31u\x1b[>3u\x1b[?7l',
  ]) {
    const terminal = new Screen({ cols: 80, rows: 24, scrollback: 0, term: 'xterm-256color', version: '0' });
    terminal.write(Buffer.from('\x1b]2;mine\x07user@host $ \x1b[1mattach'));
    const before = look(terminal);
    const filter = new OutputFilter({ isReadOnly: false });
    terminal.write(Buffer.from(ENTER));
    terminal.write(filter.screen(Buffer.from(`${text}\x1b[?1047h\x1b[H${text}`, 'latin1'), { cols: 80 }));
    terminal.write(filter.output(Buffer.from(text, 'latin1')).bytes);
    terminal.write(Buffer.from(filter.farewell()));
    expect(look(terminal)).toEqual(before);
    terminal.dispose();
  }
});

function look(terminal: Screen): unknown {
  const { modes, cursor, title, alternateScreen } = terminal;
  return { text: terminal.text(), modes: { ...modes }, cursor: { ...cursor }, title, alternateScreen };
}

function filtered(...chunks: string[]): string {
  const filter = new OutputFilter({ isReadOnly: false });
  return chunks.map((chunk) => filter.output(Buffer.from(chunk, 'latin1')).bytes.toString('latin1')).join('');
}

function pieces(text: string, size: number): string[] {
  const all: string[] = [];
  for (let at = 0; at < text.length; at += size) all.push(text.slice(at, at + size));
  return all;
}
