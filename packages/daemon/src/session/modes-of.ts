/** A screen's modes in the protocol's words: those that a program has changed. */
import type { SessionStatus } from '@pilotty/protocol';
import type { Screen } from '@pilotty/terminal';

type Modes = SessionStatus['modes'];

/** As a terminal has them when no program has changed any. */
const NEW_TERMINAL: Required<Modes> = {
  application_cursor: false,
  application_keypad: false,
  bracketed_paste: false,
  focus_events: false,
  mouse: 'none',
  mouse_encoding: 'default',
  alternate_scroll: false,
  kitty_flags: 0,
  modify_other_keys: 0,
  synchronized_output: false,
  insert: false,
  wraparound: true,
  origin: false,
};

const NAMES = Object.keys(NEW_TERMINAL) as (keyof Modes)[];

export function modesOf(screen: Screen): Modes {
  const all = allModes(screen);
  const changed: Record<string, unknown> = {};
  for (const name of NAMES) if (all[name] !== NEW_TERMINAL[name]) changed[name] = all[name];
  return changed as Modes;
}

function allModes({ modes }: Screen): Required<Modes> {
  return {
    application_cursor: modes.applicationCursor,
    application_keypad: modes.applicationKeypad,
    bracketed_paste: modes.bracketedPaste,
    focus_events: modes.focusEvents,
    mouse: modes.mouse,
    mouse_encoding: modes.mouseEncoding,
    alternate_scroll: modes.alternateScroll,
    kitty_flags: modes.kittyFlags,
    modify_other_keys: modes.modifyOtherKeys,
    synchronized_output: modes.synchronizedOutput,
    insert: modes.insert,
    wraparound: modes.wraparound,
    origin: modes.originMode,
  };
}
