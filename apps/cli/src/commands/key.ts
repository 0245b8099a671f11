import { actOnEach, actOptions } from '../act-options.ts';
import { command, durationUpTo, nonEmpty, required, value } from '../command.ts';
import { selectorOptions } from '../selector.ts';

export const declaration = command({
  name: 'key',
  summary: 'press keys',
  description: `One argument with one or more keys, separated by spaces. A key is a character or a name, with modifiers
before it: Ctrl+C, Alt+Up, Shift+Tab. Names: Enter Tab Escape Space Backspace Delete Insert Home End PageUp
PageDown Up Down Left Right F1 to F24, KP0 to KP9 and KPEnter on the keypad, Plus for +. vim's <C-x> and tmux's
C-x are understood. All keys are checked before the first is sent.
'pilotty send' takes text and keys in one call.`,
  arguments: { keys: required("such as Enter, Ctrl+C or 'Escape : w q Enter'", nonEmpty) },
  options: {
    ...selectorOptions,
    delay: value('TIME', durationUpTo(10_000), 'between two keys, up to 10s'),
    ...actOptions,
  },
  examples: [
    ['pilotty key Ctrl+C', 'interrupt what runs'],
    ['pilotty key Down -f text', 'the screen that it led to'],
    ["pilotty key -s editor 'Escape : w q Enter'", 'save and leave vim'],
    ["pilotty key 'Down Down Enter' --delay 50", 'for a menu that is slow to follow'],
    ["pilotty key -s build -s 'test-*' Ctrl+C", 'interrupt several sessions'],
    ['pilotty key -s game Plus', 'the key +, which otherwise joins a modifier to a key'],
  ],
  startsDaemon: true,
  async run(given, io, client) {
    const { keys, delay } = given;
    const params = { keys, delay_ms: delay };
    return actOnEach('session.key', params, given, io, client);
  },
});
