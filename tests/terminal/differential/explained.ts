/**
 * Where tmux (3.3a) and our screen differ, why, and who is right.
 *
 * The tests insist on both sides of it: a difference that is not here fails, and so does an entry that no
 * longer applies. xterm and its ctlseqs decide; where they say nothing, it is a choice.
 */
import type { Aspect } from './look.ts';

export interface Explanation {
  /** `topic: stream` or the name of a program. */
  of: string[];
  aspects: Aspect[];
  /** Where it shows only there. */
  sizes?: string[];
  right: 'pilotty' | 'tmux' | 'both';
  reason: string;
  /** Where only the border between scrollback and screen lies elsewhere: rows of both together are the same. */
  isSameWithScrollback?: boolean;
}

export const TMUX_VERSION = 'tmux 3.3a';

const FOLDED =
  'Lines fold into more rows: here they take the empty rows below first, in tmux the top ones scroll out. xterm does not fold at all.';

export const explained: readonly Explanation[] = [
  {
    of: ['cursor movement: VPR, HPR'],
    aspects: ['text', 'cursor'],
    right: 'pilotty',
    reason: 'tmux does not know VPR (CSI e).',
  },
  {
    of: ['wrapping: LF after the last column'],
    aspects: ['text', 'cursor'],
    right: 'pilotty',
    reason:
      'A line feed takes the pending wrap away (xterm, VT510); tmux keeps it and wraps a line further down.',
  },
  {
    of: ['wrapping: BS after the last column', 'wrapping: CUB after the last column'],
    aspects: ['text'],
    right: 'pilotty',
    reason:
      'With a wrap pending the cursor stands on the last column and moves from there (xterm); in tmux it stands behind.',
  },
  {
    of: [
      'wrapping: DCH after the last column',
      'wrapping: ICH after the last column',
      'wrapping: ECH after the last column',
    ],
    aspects: ['text', 'cursor'],
    right: 'pilotty',
    reason:
      'With a wrap pending the cursor stands on the last column, and that is the one edited (xterm); tmux edits none and wraps.',
  },
  {
    of: ['wrapping: no wrap, and again wrap'],
    aspects: ['text', 'cursor'],
    right: 'pilotty',
    reason: 'xterm notes the pending wrap without DECAWM as well, and wraps when it is switched on.',
  },
  {
    of: ['wrapping: REP over the edge'],
    aspects: ['text', 'cursor'],
    right: 'pilotty',
    reason: 'REP is as good as the character typed so often (ECMA-48), so it wraps; tmux stops at the edge.',
  },
  {
    of: ['inserting and deleting: REP'],
    aspects: ['text', 'cursor'],
    right: 'pilotty',
    reason: 'tmux repeats only ASCII.',
  },
  {
    of: ['erasing: ED 2', 'character sets: RIS takes them back', 'modes: RIS'],
    aspects: ['scrollback'],
    right: 'both',
    reason: 'tmux moves a screen that is erased into its history. xterm does not.',
  },
  {
    of: ['erasing: IL and DL with a background', 'inserting and deleting: IL and DL'],
    aspects: ['text', 'cursor'],
    right: 'pilotty',
    reason: 'IL and DL leave the cursor in the first column (xterm, VT510); tmux leaves it where it was.',
  },
  {
    of: ['inserting and deleting: IL and DL in a region'],
    aspects: ['text', 'cursor'],
    right: 'pilotty',
    reason: 'IL and DL leave the cursor in the first column (xterm, VT510); tmux leaves it where it was.',
  },
  {
    of: ['inserting and deleting: IL and DL outside of the region'],
    aspects: ['text'],
    right: 'pilotty',
    reason: 'Outside of the scroll region IL and DL do nothing (xterm, VT510).',
  },
  {
    of: ['erasing: wrap with a background'],
    aspects: ['styles'],
    right: 'pilotty',
    reason:
      'A line that scrolls in has the background colour, whether a line feed or a wrap brought it (xterm, bce).',
  },
  {
    of: [
      'erasing: erasing half of a wide character',
      'inserting and deleting: ICH and DCH through wide characters',
      'inserting and deleting: overwriting half of a wide character',
    ],
    aspects: ['text'],
    right: 'pilotty',
    reason:
      'Half of a wide character is none: the other half goes too (xterm). tmux leaves the first half and its text.',
  },
  {
    of: ['inserting and deleting: insert mode with wide characters'],
    aspects: ['text'],
    sizes: ['80x24', '120x40', '200x60'],
    right: 'pilotty',
    reason: 'A wide character pushed half over the edge is gone (xterm); tmux keeps it in one column.',
  },
  {
    of: ['erasing: DECSCA and selective erase'],
    aspects: ['text'],
    right: 'pilotty',
    reason: 'tmux does not know DECSEL.',
  },
  {
    of: ['inserting and deleting: ICH and DCH'],
    aspects: ['text'],
    right: 'pilotty',
    reason: 'A count beyond the edge pushes all of the rest out (xterm); tmux inserts nothing.',
  },
  {
    of: [
      'inserting and deleting: SU and SD in a region',
      'scroll regions: text scrolls inside',
      'scroll regions: LF at the bottom margin and below',
    ],
    aspects: ['scrollback'],
    right: 'pilotty',
    reason:
      'tmux keeps in its history what scrolls out of any region; xterm only what leaves the top of the screen.',
  },
  {
    of: ['inserting and deleting: SL and SR', 'inserting and deleting: DECIC and DECDC'],
    aspects: ['text'],
    right: 'pilotty',
    reason: 'tmux does not know these.',
  },
  {
    of: ['scroll regions: bad regions are ignored'],
    aspects: ['text', 'cursor'],
    right: 'pilotty',
    reason: 'CSI 0;0 r is the whole screen (xterm: 0 is the default) and homes the cursor; tmux ignores it.',
  },
  {
    of: ['tabs: forward and back'],
    aspects: ['text', 'cursor'],
    right: 'pilotty',
    reason: 'tmux does not know CHT (CSI I).',
  },
  {
    of: [
      'attributes: an unknown attribute changes nothing',
      'attributes: too few parameters of a colour',
      'attributes: too large a palette index',
    ],
    aspects: ['styles'],
    right: 'both',
    reason: 'Malformed; no standard says what follows. xterm.js fills up with zeros and cuts to eight bits.',
  },
  {
    of: ['attributes: many parameters'],
    aspects: ['styles'],
    right: 'both',
    reason:
      'Terminals take in so many parameters: xterm 30, xterm.js 32, tmux 24. Past them xterm.js drops the rest, tmux all.',
  },
  {
    of: ['character sets: line drawing, upper case and digits'],
    aspects: ['text', 'styles'],
    right: 'pilotty',
    reason: 'In the line-drawing set _ (5F) is a blank (VT100 user guide); tmux shows the underscore.',
  },
  {
    of: ['character sets: the United Kingdom', 'character sets: LS2 and LS3'],
    aspects: ['text'],
    right: 'pilotty',
    reason: 'tmux knows only ASCII and line drawing, in G0 and G1.',
  },
  {
    of: ['character sets: DECSTR takes them back'],
    aspects: ['text'],
    right: 'pilotty',
    reason: 'tmux does not know DECSTR.',
  },
  {
    of: ['modes: DECSTR'],
    aspects: ['text', 'cursor', 'modes'],
    right: 'pilotty',
    reason: 'tmux does not know DECSTR.',
  },
  {
    of: ['saving the cursor: mode 1048'],
    aspects: ['text', 'cursor'],
    right: 'pilotty',
    reason: 'tmux does not know mode 1048.',
  },
  {
    of: ['saving the cursor: two screens, two cursors'],
    aspects: ['text', 'cursor'],
    right: 'pilotty',
    reason: 'Each screen has a saved cursor of its own (xterm); tmux has one.',
  },
  {
    of: ['alternate screen: RIS leaves it'],
    aspects: ['modes'],
    right: 'pilotty',
    reason: 'A full reset shows the main screen (xterm).',
  },
  {
    of: ['modes: newline mode'],
    aspects: ['text', 'cursor'],
    right: 'pilotty',
    reason: 'tmux does not know LNM.',
  },
  {
    of: ['modes: strings are swallowed'],
    aspects: ['modes'],
    right: 'pilotty',
    reason: 'APC sets no title; that is screen’s and tmux’s own.',
  },
  {
    of: ['Unicode: emoji presentation', 'Unicode: keycaps', 'Unicode: skin tones', 'Unicode: joined emoji'],
    aspects: ['styles', 'cursor'],
    right: 'pilotty',
    reason:
      'One cluster takes two columns (UAX #29, UTS #51; mode 2027); tmux 3.3a adds up the widths of the parts or takes the first.',
  },
  {
    of: ['Unicode: zero-width characters'],
    aspects: ['text'],
    right: 'both',
    reason: 'U+FEFF is invisible: xterm.js drops it, tmux keeps it with the letter before.',
  },
  {
    of: ['Unicode: a mark at the start of a line'],
    aspects: ['text', 'cursor'],
    right: 'both',
    reason: 'A mark without a letter gets a cell here, so that no text is lost; tmux drops it.',
  },
  {
    of: ['Unicode: noncharacters and the last plane'],
    aspects: ['text', 'cursor'],
    right: 'both',
    reason: 'tmux drops what is no character to wcwidth; xterm draws a replacement a column wide.',
  },
  {
    of: [
      'resizing: narrower',
      'resizing: narrower, then text',
      'resizing: narrower, then more of the same line',
      'resizing: the main screen behind the alternate one',
    ],
    aspects: ['text', 'cursor', 'scrollback'],
    sizes: ['80x24', '120x40', '40x10'],
    right: 'both',
    reason: FOLDED,
    isSameWithScrollback: true,
  },
  {
    of: ['bash, resized'],
    aspects: ['text', 'cursor'],
    sizes: ['40x10'],
    right: 'both',
    reason: FOLDED,
    isSameWithScrollback: true,
  },
  {
    of: ['resizing: narrower with the cursor inside of the line', 'resizing: coloured text, narrower'],
    aspects: ['text', 'cursor', 'scrollback'],
    sizes: ['40x10'],
    right: 'both',
    reason: FOLDED,
    isSameWithScrollback: true,
  },
  {
    of: [
      'resizing: narrower by half, then more',
      'resizing: a full row, narrower',
      'resizing: wide characters, narrower',
    ],
    aspects: ['text', 'cursor', 'scrollback'],
    right: 'both',
    reason: FOLDED,
    isSameWithScrollback: true,
  },
];
