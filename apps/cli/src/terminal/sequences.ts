/** What we write to the terminal of the person who attaches, to begin, to start over and to leave. */

/** Those that a program may set, and a terminal may have had set before: xterm and its kin keep them for us. */
const KEPT_MODES = '1;7;9;25;1000;1002;1003;1004;1005;1006;1007;1015;1016;2004';

/** The alternate screen, the title and an entry of the keyboard stack are ours until we leave. */
export const ENTER = `\x1b[?${KEPT_MODES}s\x1b[22;0t\x1b[?1049h\x1b[>0u\x1b[0m\x1b[2J\x1b[H`;

/** Every mode that we pass on, as a new terminal has it. */
export const RESET =
  '\x1b[?2026l\x1b[0m\x1b]8;;\x1b\\\x1b[?6l\x1b[r\x1b[4l\x1b[20l\x1b[?7h\x1b[?45l\x1b[?1l\x1b>' +
  '\x1b(B\x1b)B\x1b*B\x1b+B\x0f' +
  '\x1b[?9l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1005l\x1b[?1006l\x1b[?1015l\x1b[?1016l' +
  '\x1b[?1004l\x1b[?2004l\x1b[>4;0m\x1b[?25h';

export const CURSOR_RESET = '\x1b[0 q';
export const ALTERNATE_SCROLL_RESET = '\x1b[?1007l';
export const PROGRESS_RESET = '\x1b]9;4;0\x1b\\';

/** Margins are reset once more: a terminal that takes the restoring of modes for a scroll region has none left. */
export const LEAVE = `\x1b[<1u\x1b[?1049l\x1b[?${KEPT_MODES}r\x1b7\x1b[r\x1b8\x1b[23;0t`;

/** What puts a terminal in order when all that is known is that we were there. */
export const RESCUE: string = `${RESET}${CURSOR_RESET}\x1b[<9u${LEAVE}`;
