/** A screen's modes in the protocol's words. */
import type { SessionStatus } from '@pilotty/protocol';
import type { Screen } from '@pilotty/terminal';

export function modesOf({ modes }: Screen): SessionStatus['modes'] {
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
