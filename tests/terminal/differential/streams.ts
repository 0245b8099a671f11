/**
 * Byte streams that ask an emulator one thing each, by topic.
 *
 * A stream is made for a size, so that its edges are those of the screen, and ends outside of any sequence.
 */
import type { Size } from './tmux.ts';

/** Bytes (as text) and new sizes, in turn. */
export type Step = string | Size;
type Stream = string | ((size: Size) => Step | Step[]);

const ESC = '\x1b';
const CSI = '\x1b[';

function numbered(count: number, text = 'line'): string {
  return Array.from({ length: count }, (_, i) => `${text} ${i + 1}`).join('\r\n');
}

/** Every cell a letter that tells its row. */
function filled({ cols, rows }: Size): string {
  return Array.from(
    { length: rows },
    (_, row) => `${CSI}${row + 1};1H${String.fromCharCode(0x41 + (row % 26)).repeat(cols)}`,
  ).join('');
}

function at(row: number, col: number): string {
  return `${CSI}${row};${col}H`;
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz';

export const streams: Readonly<Record<string, Readonly<Record<string, Stream>>>> = {
  'cursor movement': {
    'CUP, HVP, CHA, VPA, HPA': `${at(3, 5)}a${CSI}4;6fb${CSI}10Gc${CSI}6dd${CSI}15\`e`,
    'CUP beyond the edges': `${at(999, 999)}x${at(0, 0)}y${CSI}Hz`,
    'CUU, CUD, CUF, CUB and their bounds': `${at(5, 5)}${CSI}2Aa${CSI}3Bb${CSI}4Cc${CSI}9Dd${CSI}99Ae${CSI}999Df${CSI}99Bg${CSI}999Ch`,
    'CNL, CPL': `${at(5, 5)}${CSI}2Ea${CSI}1Fb${CSI}99Ec`,
    'VPR, HPR': `${at(2, 2)}${CSI}2ea${CSI}3ab`,
    'zero counts as one': `${at(5, 5)}${CSI}0Aa${CSI}0Bb${CSI}0Cc${CSI}0Dd`,
    'BS, CR, LF, VT, FF': 'abc\b\bX\rY\nZ\x0bV\x0cF',
    'BS at the left edge': `${at(2, 1)}\b\bx`,
    'IND, NEL, RI': `${at(3, 3)}a${ESC}Db${ESC}Ec${ESC}Md${ESC}Me`,
    'RI at the top': `${numbered(3)}${at(1, 3)}${ESC}Mx`,
    'IND at the bottom': ({ rows }) => `${numbered(3)}${at(rows, 3)}${ESC}Dx`,
    'controls inside of a sequence': `${CSI}2\b;3\rHx${CSI}4;\n5Hy`,
    'CAN and SUB end a sequence': `${CSI}3;\x18ab${CSI}3;\x1acd`,
    'an unknown sequence draws nothing': `a${CSI}999zb${CSI}?77;88yc${CSI}>1;2;3!|d${ESC}%Ge${ESC}#9f`,
    'DEL and NUL draw nothing': 'a\x7fb\x00c',
  },
  wrapping: {
    'a full line, and one more': ({ cols }) => `${'x'.repeat(cols)}y`,
    'the cursor waits on the last column': ({ cols }) => 'x'.repeat(cols),
    'CR after the last column': ({ cols }) => `${'x'.repeat(cols)}\ry`,
    'LF after the last column': ({ cols }) => `${'x'.repeat(cols)}\ny`,
    'BS after the last column': ({ cols }) => `${'x'.repeat(cols)}\by`,
    'tab after the last column': ({ cols }) => `${'x'.repeat(cols)}\ty`,
    'CUB after the last column': ({ cols }) => `${'x'.repeat(cols)}${CSI}Dy`,
    'CUF after the last column': ({ cols }) => `${'x'.repeat(cols)}${CSI}Cy`,
    'CUU after the last column': ({ cols }) => `\r\n${'x'.repeat(cols)}${CSI}Ay`,
    'CUP to where it is, after the last column': ({ cols }) => `${'x'.repeat(cols)}${at(1, cols)}y`,
    'SGR after the last column': ({ cols }) => `${'x'.repeat(cols)}${CSI}31my`,
    'EL after the last column': ({ cols }) => `${'x'.repeat(cols)}${CSI}Ky`,
    'EL to the left after the last column': ({ cols }) => `${'x'.repeat(cols)}${CSI}1Ky`,
    'ED after the last column': ({ cols }) => `${'x'.repeat(cols)}${CSI}Jy`,
    'DCH after the last column': ({ cols }) => `${'x'.repeat(cols)}${CSI}Py`,
    'ICH after the last column': ({ cols }) => `${'x'.repeat(cols)}${CSI}@y`,
    'ECH after the last column': ({ cols }) => `${'x'.repeat(cols)}${CSI}Xy`,
    'save and restore after the last column': ({ cols }) => `${'x'.repeat(cols)}${ESC}7\r\n${ESC}8y`,
    'no wrap': ({ cols }) => `${CSI}?7l${'x'.repeat(cols)}yz`,
    'no wrap, and again wrap': ({ cols }) => `${CSI}?7l${'x'.repeat(cols)}y${CSI}?7hz`,
    'no wrap with a wide character': ({ cols }) => `${CSI}?7l${'x'.repeat(cols - 1)}漢y`,
    'a wide character that does not fit': ({ cols }) => `${'x'.repeat(cols - 1)}漢y`,
    'a wide character in the last two columns': ({ cols }) => `${'x'.repeat(cols - 2)}漢y`,
    'a mark after the last column': ({ cols }) => `${'x'.repeat(cols)}\u0301y`,
    'wrap at the bottom': ({ cols, rows }) => `${at(rows, 1)}${'x'.repeat(cols)}y`,
    'wrap at the bottom of a region': ({ cols }) => `${CSI}2;4r${at(4, 1)}${'x'.repeat(cols)}y`,
    'wrap on the last row below a region': ({ cols, rows }) => `${CSI}2;4r${at(rows, 1)}${'x'.repeat(cols)}y`,
    'three lines in one': ({ cols }) => ALPHABET.repeat(cols).slice(0, cols * 3 - 5),
    'insert mode at the edge': ({ cols }) => `${'x'.repeat(cols)}\r${CSI}4habc${CSI}4ld`,
    'REP over the edge': ({ cols }) => `ab${CSI}${cols + 5}bc`,
  },
  erasing: {
    'EL 0, 1, 2': (size) => `${filled(size)}${at(2, 5)}${CSI}K${at(3, 5)}${CSI}1K${at(4, 5)}${CSI}2K`,
    'ED 0': (size) => `${filled(size)}${at(4, 5)}${CSI}J`,
    'ED 1': (size) => `${filled(size)}${at(4, 5)}${CSI}1J`,
    'ED 2': (size) => `${filled(size)}${at(4, 5)}${CSI}2Jx`,
    'ED 3': ({ rows }) => `${numbered(rows + 20)}${CSI}3Jx`,
    ECH: (size) => `${filled(size)}${at(4, 5)}${CSI}3X${at(5, 5)}${CSI}X${at(6, 5)}${CSI}999X`,
    'EL with a background': `${numbered(4)}${CSI}44m${at(2, 3)}${CSI}K${at(3, 3)}${CSI}1K${at(4, 3)}${CSI}2K${CSI}mx`,
    'ED with a background': `${numbered(4)}${CSI}44m${at(2, 3)}${CSI}J${CSI}mx`,
    'ECH with a background': `${numbered(4)}${CSI}48;5;100m${at(2, 3)}${CSI}4X${CSI}mx`,
    'DCH with a background': `${numbered(4)}${CSI}44m${at(2, 3)}${CSI}2P${CSI}mx`,
    'ICH with a background': `${numbered(4)}${CSI}44m${at(2, 3)}${CSI}2@${CSI}mx`,
    'IL and DL with a background': `${numbered(6)}${CSI}44m${at(2, 3)}${CSI}2L${CSI}3M${CSI}mx`,
    'scrolling with a background': ({ rows }) => `${numbered(4)}${CSI}44m${at(rows, 1)}\n\nx${CSI}m`,
    'RI with a background': `${numbered(4)}${CSI}44m${at(1, 1)}${ESC}M${CSI}m`,
    'wrap with a background': ({ cols, rows }) => `${CSI}44m${at(rows, cols - 3)}abcdef${CSI}m`,
    'erasing keeps no bold, underline or reverse': `${CSI}1;4;7;31;44mabcdef${CSI}1;3H${CSI}K${CSI}mx`,
    'erasing half of a wide character': `漢字漢字${at(1, 2)}${CSI}K${at(2, 1)}漢字${at(2, 2)}${CSI}X${at(3, 1)}漢字漢${at(3, 3)}${CSI}1K`,
    'DECSCA and selective erase': `${CSI}1"qabc${CSI}0"qdef${at(1, 1)}${CSI}?K${at(2, 1)}abc${at(2, 1)}${CSI}?2Kx`,
  },
  'inserting and deleting': {
    'ICH and DCH': (size) =>
      `${filled(size)}${at(2, 3)}${CSI}3@${at(3, 3)}${CSI}3P${at(4, 3)}${CSI}999@${at(5, 3)}${CSI}999P`,
    'IL and DL': (size) => `${filled(size)}${at(3, 3)}${CSI}2La${at(7, 3)}${CSI}2Mb`,
    'IL and DL in a region': (size) =>
      `${filled(size)}${CSI}3;8r${at(4, 3)}${CSI}2La${at(6, 3)}${CSI}1Mb${CSI}999L`,
    'IL and DL outside of the region': (size) => `${filled(size)}${CSI}3;6r${at(8, 3)}${CSI}2La${CSI}2Mb`,
    'insert mode': `abcdef${at(1, 3)}${CSI}4hXYZ${CSI}4lW`,
    'insert mode with wide characters': ({ cols }) =>
      `${'ab漢字'.repeat(cols)}${at(1, 2)}${CSI}4h漢x${CSI}4l`,
    'ICH and DCH through wide characters': `a漢字漢字b${at(1, 3)}${CSI}@${at(2, 1)}a漢字漢字b${at(2, 3)}${CSI}P`,
    'overwriting half of a wide character': `漢字漢字${at(1, 2)}x${at(1, 5)}y${at(2, 1)}漢字${at(2, 2)}語`,
    'SU and SD': (size) => `${filled(size)}${CSI}2S${CSI}3Tx`,
    'SU and SD in a region': (size) => `${filled(size)}${CSI}3;7r${CSI}2S${CSI}1Tx`,
    'SL and SR': (size) => `${filled(size)}${at(1, 1)}abcdef${CSI}2 @${CSI}1 A`,
    'DECIC and DECDC': (size) => `${filled(size)}${at(3, 3)}${CSI}2'}${at(3, 8)}${CSI}3'~`,
    REP: `${at(1, 1)}x${CSI}5by${CSI}b${at(2, 1)}漢${CSI}2bz`,
    'REP after a control': `x${at(2, 1)}${CSI}5by`,
  },
  'scroll regions': {
    'text scrolls inside': ({ rows }) => `${numbered(rows)}${CSI}3;6r${at(3, 1)}${numbered(8, 'in')}`,
    'the region homes the cursor': `${at(5, 5)}${CSI}2;4rx`,
    'LF at the bottom margin and below': ({ rows }) =>
      `${numbered(rows)}${CSI}2;4r${at(4, 1)}\n\na${at(rows, 1)}\n\nb`,
    'RI at the top margin and above': ({ rows }) =>
      `${numbered(rows)}${CSI}3;6r${at(3, 1)}${ESC}M${ESC}Ma${at(1, 1)}${ESC}M${ESC}Mb`,
    'a region from the top fills the scrollback': ({ rows }) => `${CSI}1;4r${at(1, 1)}${numbered(rows + 4)}`,
    'bad regions are ignored': `${CSI}5;3ra${CSI}3;3rb${CSI}0;0rc${CSI}999;1000rd`,
    'CUU and CUD stop at the margins': `${CSI}3;6r${at(4, 4)}${CSI}9Aa${at(4, 8)}${CSI}9Bb${at(8, 1)}${CSI}9Ac${at(1, 9)}${CSI}9Bd`,
    'origin mode': `${CSI}3;6r${CSI}?6h${at(1, 1)}a${at(99, 3)}b${CSI}2dc${CSI}?6l${at(1, 5)}d`,
    'origin mode homes the cursor': `${at(5, 5)}${CSI}3;6r${at(5, 5)}${CSI}?6hx${at(2, 2)}${CSI}?6ly`,
    'CNL, CPL and the margins': `${CSI}3;6r${at(4, 4)}${CSI}9Ea${at(4, 4)}${CSI}9Fb`,
    'NEL and IND at the margin': `${CSI}3;6r${at(6, 4)}a${ESC}Eb${ESC}Dc`,
    'ED and EL do not care': (size) => `${filled(size)}${CSI}3;6r${at(4, 4)}${CSI}1J${CSI}J`,
    'the alternate screen has the region too': (size) =>
      `${CSI}3;6r${CSI}?1049h${filled(size)}${at(6, 1)}\n\nx`,
  },
  tabs: {
    'every eighth column': '\ta\tb\tc',
    'set and clear': `${CSI}3g${at(1, 5)}${ESC}H${at(1, 12)}${ESC}H\r\ta\tb\tc${at(1, 5)}${CSI}0g${at(2, 1)}\td`,
    'forward and back': `${CSI}3Ia${CSI}2Zb${CSI}9Zc${CSI}999Id`,
    'at the right edge': ({ cols }) => `${at(1, cols - 1)}\ta\tb`,
    'over text': 'abcdefghijkl\r\tX',
    'kept on the alternate screen': `${CSI}3g${at(1, 5)}${ESC}H${CSI}?1049h${at(1, 1)}\tx`,
    DECST8C: `${CSI}3g${CSI}?5W\ta\tb`,
  },
  attributes: {
    'each one on and off': [1, 2, 3, 4, 5, 7, 8, 9, 53]
      .map((on) => `${CSI}${on}mon${CSI}${off(on)}moff `)
      .join(''),
    'bold and dim together': `${CSI}1;2mboth${CSI}22mneither`,
    'sixteen colours': range(
      16,
      (i) => `${CSI}${i < 8 ? 30 + i : 82 + i}mf${CSI}${i < 8 ? 40 + i : 92 + i}mb${CSI}m`,
    ),
    palette: range(40, (i) => `${CSI}38;5;${i * 6}mf${CSI}48;5;${i * 6 + 1}mb${CSI}m`),
    'true colour': `${CSI}38;2;1;2;3mf${CSI}48;2;250;251;252mb${CSI}39mn${CSI}49mn`,
    'colours with colons': `${CSI}38:5:200mp${CSI}38:2:1:2:3mq${CSI}38:2::4:5:6mr${CSI}48:2::7:8:9ms${CSI}m`,
    'underline styles': [0, 1, 2, 3, 4, 5].map((style) => `${CSI}4:${style}mu${style} `).join(''),
    'double underline': `${CSI}21mdouble${CSI}24mnone`,
    'underline colour': `${CSI}4;58;5;100ma${CSI}58;2;1;2;3mb${CSI}58:2::4:5:6mc${CSI}59md`,
    'several in one sequence': `${CSI}1;3;4;38;5;10;48;2;1;2;3mx${CSI}0;7my${CSI};;5mz`,
    'an empty SGR resets': `${CSI}1;31mx${CSI}my`,
    'an unknown attribute changes nothing': `${CSI}31;75;99;107;1000mx${CSI}38;9;1my`,
    'too few parameters of a colour': `${CSI}31;38;5mx${CSI}32;38;2;1;2my${CSI}33;38mz`,
    'too large a palette index': `${CSI}38;5;300mx${CSI}48;2;300;1;1my`,
    'a space keeps its background': `${CSI}41ma b${CSI}m c `,
    'reverse blanks': `${CSI}7m   ${CSI}m x`,
    'many parameters': `${CSI}${'1;'.repeat(40)}31mx`,
    DECSCNM: `abc${CSI}?5hdef${CSI}?5lghi`,
  },
  'character sets': {
    'line drawing in G0': `lqk${ESC}(0lqkxmqjtuvwn\`afg~${ESC}(Blqk`,
    'line drawing in G1': `${ESC})0a\x0eqqq\x0fqqq`,
    'line drawing, upper case and digits': `${ESC}(0ABC123_^]${ESC}(B`,
    'the United Kingdom': `#${ESC}(A#${ESC}(B#`,
    'G0 and G1 are saved with the cursor': `${ESC})0\x0e${ESC}7\x0fq${ESC}8q`,
    'RIS takes them back': `${ESC}(0q${ESC}cq`,
    'DECSTR takes them back': `${ESC}(0q${CSI}!pq`,
    'line drawing in colour': `${ESC}(0${CSI}31mlqqk${CSI}m${ESC}(B`,
    'UTF-8 with line drawing on': `${ESC}(0é漢q${ESC}(Bq`,
    'LS2 and LS3': `${ESC}*0${ESC}nq${ESC}+0${ESC}oq\x0fq`,
    'SS2 and SS3': `${ESC}*0${ESC}Nqq${ESC}+0${ESC}Oqq`,
  },
  'saving the cursor': {
    'position and attributes': `${at(3, 5)}${CSI}1;31m${ESC}7${CSI}m${at(9, 9)}x${ESC}8y`,
    'SCOSC and SCORC': `${at(3, 5)}${CSI}s${at(9, 9)}x${CSI}uy`,
    'restoring without saving': `${at(3, 5)}${CSI}31mx${ESC}8y`,
    'origin mode': `${CSI}3;6r${CSI}?6h${at(2, 2)}${ESC}7${CSI}?6l${at(9, 9)}x${ESC}8y${at(1, 1)}z`,
    'underline style and colour': `${CSI}4:3;58;5;9m${ESC}7${CSI}mx${ESC}8y`,
    'wrap pending': ({ cols }) => `${'x'.repeat(cols)}${ESC}7${at(3, 3)}${ESC}8y`,
    'mode 1048': `${at(3, 5)}${CSI}?1048h${at(9, 9)}x${CSI}?1048ly`,
    'two screens, two cursors': `${at(3, 5)}${ESC}7${CSI}?1049h${at(9, 9)}${ESC}7${at(1, 1)}${ESC}8x${CSI}?1049l${ESC}8y`,
  },
  'alternate screen': {
    '1049 and back': `main${CSI}?1049h${at(3, 3)}alternate${CSI}?1049lx`,
    '1049 shows an empty screen': `main${CSI}?1049h`,
    '1049 twice': `main${CSI}?1049hone${CSI}?1049htwo${CSI}?1049lx${CSI}?1049ly`,
    '47 and back': `main${CSI}?47h${at(3, 3)}alternate${CSI}?47lx`,
    '1047 and back': `main${CSI}?1047h${at(3, 3)}alternate${CSI}?1047lx`,
    'again, it is empty': `${CSI}?1049hone${CSI}?1049l${CSI}?1049h${at(2, 2)}two`,
    'attributes go along': `${CSI}31mmain${CSI}?1049halt${CSI}32m${CSI}?1049lx`,
    'a background fills it': `${CSI}44m${CSI}?1049hx${CSI}?1049ly`,
    'nothing scrolls back': ({ rows }) => `${CSI}?1049h${numbered(rows + 10)}`,
    'left after scrolling': ({ rows }) =>
      `${numbered(rows + 5)}${CSI}?1049h${numbered(rows + 10)}${CSI}?1049lx`,
    'RIS leaves it': `main${CSI}?1049halt${ESC}cx`,
  },
  modes: {
    'hidden cursor': `${CSI}?25lx`,
    'shown again': `${CSI}?25lx${CSI}?25h`,
    'keypad and cursor keys': `${ESC}=${CSI}?1h`,
    mouse: `${CSI}?1002;1006h`,
    'any mouse, then none': `${CSI}?1003;1006h${CSI}?1003l`,
    'one mouse mode for another': `${CSI}?1000h${CSI}?1003h${CSI}?1000l`,
    'newline mode': `${CSI}20hab\ncd${CSI}20lef\ngh`,
    'a title': `${ESC}]2;a title: “ü”${ESC}\\${ESC}]0;another\x07`,
    'a title is pushed and popped': `${ESC}]2;one\x07${CSI}22;0t${ESC}]2;two\x07${CSI}23;0t`,
    DECSTR: `${CSI}4h${CSI}?6h${CSI}?7l${CSI}?25l${CSI}3;6r${CSI}1m${CSI}!px${at(9, 9)}y`,
    RIS: `${CSI}4h${CSI}?6h${CSI}?7l${CSI}?25l${CSI}3;6r${CSI}1mtext${ESC}]2;title\x07${ESC}cx`,
    DECALN: `${CSI}3;5r${CSI}31m${ESC}#8`,
    'DECALN homes the cursor': `${at(5, 5)}${ESC}#8x`,
    'strings are swallowed': `a${ESC}Pq#0;1~-${ESC}\\b${ESC}_apc${ESC}\\c${ESC}^pm${ESC}\\d${ESC}Xsos${ESC}\\e`,
    'unknown OSC': `a${ESC}]999;x${ESC}\\b${ESC}]1337;x=y\x07c`,
  },
  Unicode: {
    'Latin, Greek, Cyrillic': 'naïve Ελληνικά русский',
    'combining marks': 'e\u0301 a\u0308o\u0302\u0323 x\u0336y',
    CJK: '漢字かなカナ한글 ｗｉｄｅ',
    emoji: '😀🎉🚀 🫠',
    'text symbols': '❤ ☎ ✔ ⚠ ©',
    'emoji presentation': '❤\ufe0fx ✔\ufe0fy ⚠\ufe0fz',
    keycaps: '1\ufe0f\u20e3x #\ufe0f\u20e3y',
    'skin tones': '👍🏽x 👩🏿y',
    'joined emoji': '👨‍👩‍👧x 👩🏽‍💻y 🏳️‍🌈z',
    flags: '🇩🇪x🇫🇷🇯🇵y',
    'Hebrew and Arabic': 'שלום עולם العربية',
    'Devanagari and Thai': 'नमस्ते ภาษาไทย',
    'Hangul letters of a syllable': '\u1112\u1161\u11abx',
    'box drawing and blocks': '┌─┬─┐│╔═╗▀▄█░▒▓⣿',
    'private use': '\ue0b0\uf015\u{f0001}x',
    'ambiguous widths': '±°×÷§¶…“”→★■',
    'zero-width characters': 'a\u200bb\u200cc\u2060d\ufeffe',
    'soft hyphen': 'a\u00adb',
    'direction marks': 'a\u200eb\u200fc\u202ad\u202ce',
    'invalid UTF-8': 'x',
    'a mark at the start of a line': '\u0301x\r\n\u0301y',
    'noncharacters and the last plane': 'a\uffffb\u{10ffff}c',
    'wide characters at the edge': ({ cols }) => '漢'.repeat(cols),
    'an even edge, from the second column': ({ cols }) => `x${'漢'.repeat(cols)}`,
  },
  resizing: {
    wider: ({ cols, rows }) => [`${ALPHABET.repeat(9)}\r\nend`, { cols: cols + 20, rows }],
    narrower: ({ cols, rows }) => [`${ALPHABET.repeat(9)}\r\nend`, { cols: cols - 15, rows }],
    'narrower and back': ({ cols, rows }) => [
      `${ALPHABET.repeat(9)}\r\nend`,
      { cols: cols - 15, rows },
      { cols, rows },
    ],
    'narrower, then text': ({ cols, rows }) => [
      `${ALPHABET.repeat(9)}\r\n$ `,
      { cols: cols - 15, rows },
      'ls\r\nfile',
    ],
    'narrower, then more of the same line': ({ cols, rows }) => [
      ALPHABET.repeat(9),
      { cols: cols - 15, rows },
      '+more',
    ],
    'narrower by half, then more': ({ cols, rows }) => [
      ALPHABET.repeat(4),
      { cols: cols >> 1, rows },
      '+more',
    ],
    'wider, then more of the same line': ({ cols, rows }) => [
      ALPHABET.repeat(9),
      { cols: cols + 15, rows },
      '+more',
    ],
    'narrower with the cursor inside of the line': ({ cols, rows }) => [
      `${ALPHABET.repeat(5)}${CSI}12D`,
      { cols: cols - 15, rows },
      '+',
    ],
    'narrower at the bottom of a full screen': ({ cols, rows }) => [
      `${numbered(rows)}\r\n${ALPHABET.repeat(9)}`,
      { cols: cols - 15, rows },
      '+more',
    ],
    'wider at the bottom of a full screen': ({ cols, rows }) => [
      `${numbered(rows)}\r\n${ALPHABET.repeat(9)}`,
      { cols: cols + 15, rows },
      '+more',
    ],
    'a full row, narrower': ({ cols, rows }) => ['x'.repeat(cols), { cols: cols - 3, rows }, 'y'],
    'a full row, wider': ({ cols, rows }) => ['x'.repeat(cols), { cols: cols + 3, rows }, 'y'],
    'wide characters, narrower, then more': ({ cols, rows }) => [
      '漢字'.repeat(cols / 3),
      { cols: cols - 5, rows },
      '+more',
    ],
    taller: ({ cols, rows }) => [numbered(rows + 10), { cols, rows: rows + 5 }],
    shorter: ({ cols, rows }) => [numbered(rows), { cols, rows: rows - 5 }],
    'shorter with the cursor at the top': ({ cols, rows }) => ['top\r\n', { cols, rows: rows - 5 }, 'x'],
    'shorter and back': ({ cols, rows }) => [numbered(rows), { cols, rows: rows - 5 }, { cols, rows }],
    'wide characters, narrower': ({ cols, rows }) => ['漢字'.repeat(cols), { cols: cols - 1, rows }],
    'the alternate screen, narrower': ({ cols, rows }) => [
      `${CSI}?1049h${ALPHABET.repeat(9)}`,
      { cols: cols - 15, rows },
    ],
    'the alternate screen, larger': (size) => [
      `${CSI}?1049h${filled(size)}`,
      { cols: size.cols + 9, rows: size.rows + 3 },
    ],
    'the alternate screen, smaller': (size) => [
      `${CSI}?1049h${filled(size)}`,
      { cols: size.cols - 9, rows: size.rows - 3 },
    ],
    'the main screen behind the alternate one': ({ cols, rows }) => [
      `${ALPHABET.repeat(9)}\r\n$ ${CSI}?1049halt`,
      { cols: cols - 9, rows: rows - 2 },
      `${CSI}?1049lx`,
    ],
    'a region goes': ({ cols, rows }) => [`${CSI}3;6r`, { cols, rows: rows - 1 }, `${at(6, 1)}a\nb`],
    'tab stops of new columns': ({ cols, rows }) => [{ cols: cols + 40, rows }, `${at(1, cols)}\ta\tb\tc`],
    'coloured text, narrower': ({ cols, rows }) => [
      `${CSI}31m${ALPHABET.repeat(4)}${CSI}m ${CSI}44m${ALPHABET.repeat(3)}${CSI}m`,
      { cols: cols - 15, rows },
    ],
  },
  floods: {
    'ten thousand lines': numbered(10_000),
    'a progress bar': range(101, (i) => `\r[${'#'.repeat(i / 5).padEnd(20)}] ${i}%`),
    'a progress bar that erases': range(101, (i) => `${CSI}2K\r${CSI}32m${'━'.repeat(i / 5)}${CSI}m ${i}%`),
    'several bars': range(
      50,
      (i) => `${i > 0 ? `${CSI}3A` : ''}${range(3, (bar) => `${CSI}Kbar ${bar}: ${i * (bar + 1)}\r\n`)}`,
    ),
    'coloured lines': range(500, (i) => `${CSI}3${i % 8}m${i}${CSI}0m \x1b[1m${ALPHABET}\x1b[m\r\n`),
    'an animation': ({ cols, rows }) =>
      range(
        60,
        (i) =>
          `${CSI}H${range(rows, (row) => `${at(row + 1, 1)}${CSI}48;5;${(i + row) % 256}m${' '.repeat(cols)}`)}`,
      ),
    'a spinner under synchronized output': range(
      20,
      (i) => `${CSI}?2026h${CSI}H${'|/-\\'[i % 4]}${CSI}?2026l`,
    ),
  },
};

function range(count: number, text: (i: number) => string): string {
  return Array.from({ length: count }, (_, i) => text(i)).join('');
}

function off(on: number): number {
  return on === 1 || on === 2 ? 22 : on === 53 ? 55 : on + 20;
}
