import { expect, test } from 'vitest';
import { Screen } from '../../packages/terminal/src/index.ts';

function replies(text: string): string {
  const screen = new Screen({ cols: 80, rows: 24, scrollback: 0, version: '1.2.3' });
  screen.write(new TextEncoder().encode(text));
  return new TextDecoder().decode(screen.takeReplies() ?? new Uint8Array());
}

test.each([
  ['DSR: status', '\x1b[5n', '\x1b[0n'],
  ['DSR: cursor', '\x1b[3;7H\x1b[6n', '\x1b[3;7R'],
  ['DSR: cursor after the last column', `${'x'.repeat(80)}\x1b[6n`, '\x1b[1;80R'],
  ['DSR: cursor in origin mode', '\x1b[5;10r\x1b[?6h\x1b[2;3H\x1b[6n', '\x1b[2;3R'],
  ['DECXCPR', '\x1b[3;7H\x1b[?6n', '\x1b[?3;7R'],
  ['DSR: printer', '\x1b[?15n', '\x1b[?13n'],
  ['DSR: colour scheme', '\x1b[?996n', '\x1b[?997;1n'],
  ['DA1', '\x1b[c', '\x1b[?62;22c'],
  ['DA1 with 0', '\x1b[0c', '\x1b[?62;22c'],
  ['DA2', '\x1b[>c', '\x1b[>41;379;0c'],
  ['DA3', '\x1b[=c', '\x1bP!|00000000\x1b\\'],
  ['DECREQTPARM', '\x1b[x', '\x1b[2;1;1;128;128;1;0x'],
  ['XTVERSION', '\x1b[>q', '\x1bP>|pilotty(1.2.3)\x1b\\'],
  ['XTVERSION with 0', '\x1b[>0q', '\x1bP>|pilotty(1.2.3)\x1b\\'],
  ['DECRQM: ANSI', '\x1b[4h\x1b[4$p', '\x1b[4;1$y'],
  ['DECRQM: cursor keys', '\x1b[?1$p', '\x1b[?1;2$y'],
  ['DECRQM: bracketed paste', '\x1b[?2004h\x1b[?2004$p', '\x1b[?2004;1$y'],
  ['DECRQM: synchronized output', '\x1b[?2026$p', '\x1b[?2026;2$y'],
  ['DECRQM: focus', '\x1b[?1004h\x1b[?1004$p', '\x1b[?1004;1$y'],
  ['DECRQM: SGR mouse', '\x1b[?1006h\x1b[?1006$p', '\x1b[?1006;1$y'],
  ['DECRQM: urxvt mouse', '\x1b[?1015h\x1b[?1015$p', '\x1b[?1015;1$y'],
  ['DECRQM: alternate scroll', '\x1b[?1007$p', '\x1b[?1007;2$y'],
  ['DECRQM: grapheme clusters', '\x1b[?2027$p', '\x1b[?2027;3$y'],
  ['DECRQM: unknown', '\x1b[?9999$p', '\x1b[?9999;0$y'],
  ['DECRQSS: margins', '\x1b[2;5r\x1bP$qr\x1b\\', '\x1bP1$r2;5r\x1b\\'],
  ['DECRQSS: plain SGR', '\x1bP$qm\x1b\\', '\x1bP1$r0m\x1b\\'],
  [
    'DECRQSS: SGR',
    '\x1b[1;3;4:3;7;38;5;9;48;2;1;2;3m\x1bP$qm\x1b\\',
    '\x1bP1$r0;1;3;4:3;7;38:5:9;48:2::1:2:3m\x1b\\',
  ],
  ['DECRQSS: basic colours', '\x1b[31;102m\x1bP$qm\x1b\\', '\x1bP1$r0;31;102m\x1b\\'],
  ['DECRQSS: cursor', '\x1b[6 q\x1bP$q q\x1b\\', '\x1bP1$r6 q\x1b\\'],
  ['DECRQSS: blinking cursor', '\x1b[3 q\x1bP$q q\x1b\\', '\x1bP1$r3 q\x1b\\'],
  ['DECRQSS: unknown', '\x1bP$qz\x1b\\', '\x1bP0$r\x1b\\'],
  ['OSC 10', '\x1b]10;?\x07', '\x1b]10;rgb:e5e5/e5e5/e5e5\x07'],
  ['OSC 11 with ST', '\x1b]11;?\x1b\\', '\x1b]11;rgb:0000/0000/0000\x1b\\'],
  ['OSC 11 with C1 ST', '\x1b]11;?\u009c', '\x1b]11;rgb:0000/0000/0000\x1b\\'],
  ['OSC 12', '\x1b]12;?\x07', '\x1b]12;rgb:e5e5/e5e5/e5e5\x07'],
  [
    'OSC 10 and 11 at once',
    '\x1b]10;?;?\x07',
    '\x1b]10;rgb:e5e5/e5e5/e5e5\x07\x1b]11;rgb:0000/0000/0000\x07',
  ],
  ['OSC 11 after a set', '\x1b]11;#102030\x07\x1b]11;?\x07', '\x1b]11;rgb:1010/2020/3030\x07'],
  [
    'OSC 11 after a set and a reset',
    '\x1b]11;rgb:f/0/0\x07\x1b]111\x07\x1b]11;?\x07',
    '\x1b]11;rgb:0000/0000/0000\x07',
  ],
  ['OSC 4', '\x1b]4;1;?\x07', '\x1b]4;1;rgb:cdcd/0000/0000\x07'],
  ['OSC 4: cube', '\x1b]4;208;?\x07', '\x1b]4;208;rgb:ffff/8787/0000\x07'],
  ['OSC 4: grey', '\x1b]4;255;?\x07', '\x1b]4;255;rgb:eeee/eeee/eeee\x07'],
  [
    'OSC 4: two',
    '\x1b]4;0;?;15;?\x1b\\',
    '\x1b]4;0;rgb:0000/0000/0000\x1b\\\x1b]4;15;rgb:ffff/ffff/ffff\x1b\\',
  ],
  ['OSC 4 after a set', '\x1b]4;1;rgb:12/34/56\x07\x1b]4;1;?\x07', '\x1b]4;1;rgb:1212/3434/5656\x07'],
  ['OSC 4 after OSC 104', '\x1b]4;1;#fff\x07\x1b]104;1\x07\x1b]4;1;?\x07', '\x1b]4;1;rgb:cdcd/0000/0000\x07'],
  ['window state', '\x1b[11t', '\x1b[1t'],
  ['window position', '\x1b[13t', '\x1b[3;0;0t'],
  ['window size in pixels', '\x1b[14t', '\x1b[4;384;640t'],
  ['cell size in pixels', '\x1b[16t', '\x1b[6;16;8t'],
  ['window size in cells', '\x1b[18t', '\x1b[8;24;80t'],
  ['screen size in cells', '\x1b[19t', '\x1b[9;24;80t'],
  ['title, never told', '\x1b]2;rm -rf\x07\x1b[21t', '\x1b]l\x1b\\'],
  ['XTGETTCAP: TN', '\x1bP+q544e\x1b\\', '\x1bP1+r544e=787465726d2d323536636f6c6f72\x1b\\'],
  ['XTGETTCAP: Co', '\x1bP+q436f\x1b\\', '\x1bP1+r436f=323536\x1b\\'],
  ['XTGETTCAP: colors', '\x1bP+q636f6c6f7273\x1b\\', '\x1bP1+r636f6c6f7273=323536\x1b\\'],
  ['XTGETTCAP: RGB', '\x1bP+q524742\x1b\\', '\x1bP1+r524742=382f382f38\x1b\\'],
  ['XTGETTCAP: unknown', '\x1bP+q6d73\x1b\\', '\x1bP0+r\x1b\\'],
  ['XTGETTCAP: garbage', '\x1bP+qzz\x1b\\', '\x1bP0+r\x1b\\'],
  ['XTGETTCAP: a name of every object', '\x1bP+q636f6e7374727563746f72\x1b\\', '\x1bP0+r\x1b\\'],
  ['XTSMGRAPHICS', '\x1b[?2;1;0S', '\x1b[?2;3;0S'],
  ['kitty keyboard', '\x1b[?u', '\x1b[?0u'],
  ['kitty keyboard after a push', '\x1b[>5u\x1b[?u', '\x1b[?5u'],
  ['XTQMODKEYS', '\x1b[>4;2m\x1b[?4m', '\x1b[>4;2m'],
])('%s is answered once', (_, question, answer) => {
  expect(replies(question)).toBe(answer);
});

test('answers come in the order of the questions', () => {
  expect(replies('\x1b[?u\x1b[c\x1b]11;?\x07\x1b[6n\x1b[>q\x1b[5n')).toBe(
    '\x1b[?0u\x1b[?62;22c\x1b]11;rgb:0000/0000/0000\x07\x1b[1;1R\x1bP>|pilotty(1.2.3)\x1b\\\x1b[0n',
  );
});

test('what is no question gets no answer', () => {
  const screen = new Screen({ cols: 80, rows: 24, scrollback: 0 });
  screen.write(new TextEncoder().encode('text\x1b[31m\x1b]2;title\x07\x1b[2t\x1b[8;10;10t\x1b]4;300;?\x07'));
  expect(screen.takeReplies()).toBeUndefined();
});

test('answers are handed out once and are bounded when nobody takes them', () => {
  const screen = new Screen({ cols: 80, rows: 24, scrollback: 0 });
  screen.write(new TextEncoder().encode('\x1b[5n'));
  expect([screen.takeReplies()?.length, screen.takeReplies()]).toEqual([4, undefined]);
  screen.write(new TextEncoder().encode('\x1b[5n'.repeat(500_000)));
  expect(screen.takeReplies()?.length).toBeLessThanOrEqual(1 << 20);
});

test('a program that asks for the name of its terminal is told the TERM it was started with', () => {
  const screen = new Screen({ cols: 80, rows: 24, scrollback: 0, term: 'tmux' });
  screen.write(new TextEncoder().encode('\x1bP+q544e\x1b\\'));
  expect(new TextDecoder().decode(screen.takeReplies())).toBe('\x1bP1+r544e=746d7578\x1b\\');
});

/** Whatever introduces a string or takes parameters, with and without the forms that ask. */
const INTRODUCERS = [
  '\x1b]',
  '\x1bP',
  '\x1bP+q',
  '\x1bP$q',
  '\x1bP+p',
  '\x1b_',
  '\x1b^',
  '\x1bX',
  '\x1b[',
  '\x9b',
  '\x9d',
];
const ENDS = ['\x07', '\x1b\\', '\x1b[21t', '\x1b[20t', '\x1b[c', '\x05', 'n', 'm', 't', '$p', 'q'];

test('no answer has text that a program has chosen, nor a line end: nothing is typed into a shell', () => {
  const evil = 'touch /tmp/evil\r\n';
  const hex = Buffer.from(evil).toString('hex');
  const payloads = [
    evil,
    hex,
    `2;${evil}`,
    `0;${evil};?`,
    `4;1;${evil};?`,
    `52;c;${btoa(evil)}`,
    '52;c;?',
    `10;${evil}?`,
    `1337;${evil}`,
    `TN;${hex}`,
    `?${evil}`,
  ];
  const screen = new Screen({ cols: 20, rows: 2, scrollback: 0 });
  for (const begin of INTRODUCERS)
    for (const payload of payloads)
      for (const end of ENDS) {
        // Title, icon and clipboard are the program's as well; what was not ended is ended by what follows.
        screen.write(
          new TextEncoder().encode(
            `\x1b]0;${evil}\x07${begin}${payload}${end}\x1b\\\x1b[21t\x1b[20t\x1b]52;c;?\x07`,
          ),
        );
        const answer = new TextDecoder().decode(screen.takeReplies());
        expect(answer).toContain('\x1b]l\x1b\\');
        expect(answer).not.toMatch(/touch|evil|746f756368|dG91Y2g|[\r\n]/);
      }
});
