/**
 * The client's environment, as a session should inherit it: without what describes the
 * caller's own terminal. A program that finds TMUX, KITTY_WINDOW_ID or COLUMNS believes it is there,
 * and speaks to a terminal it is not on.
 */
import { isInDoubt } from './in-doubt.ts';

const OF_THE_TERMINAL = new Set([
  'LINES',
  'COLUMNS',
  'TERMCAP',
  'TERM_PROGRAM',
  'TERM_PROGRAM_VERSION',
  'TERM_SESSION_ID',
  'LC_TERMINAL',
  'LC_TERMINAL_VERSION',
  'COLORFGBG',
  'WINDOWID',
  'VTE_VERSION',
  'TMUX',
  'TMUX_PANE',
  'STY',
  'WINDOW',
  'ZELLIJ',
  'ZELLIJ_SESSION_NAME',
  'ZELLIJ_PANE_ID',
  'WT_SESSION',
  'WT_PROFILE_ID',
  'GNOME_TERMINAL_SCREEN',
  'GNOME_TERMINAL_SERVICE',
]);
/** Every shell sets them itself. Of a directory that is not UTF-8 only a wrong path could be passed on. */
const DIRECTORIES = new Set(['PWD', 'OLDPWD']);
const FAMILIES =
  /^(KITTY|ITERM|KONSOLE|ALACRITTY|WEZTERM|GHOSTTY|VSCODE_(?:INJECTION|SHELL)|TERMINATOR|TILIX)_/;

export function callerEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || OF_THE_TERMINAL.has(name) || FAMILIES.test(name)) continue;
    if (DIRECTORIES.has(name) && isInDoubt(value)) continue;
    kept[name] = value;
  }
  return kept;
}
