import { actOnEach, actOptions } from '../act-options.ts';
import { command, deadline, durationUpTo, list, text, value, words } from '../command.ts';
import { selectorOptions } from '../selector.ts';
import { UsageError } from '../usage-error.ts';

export const declaration = command({
  name: 'send',
  summary: 'type text and press keys, in their order',
  description: `A word that is a key by its name (Enter, Escape, Up, F5, Ctrl+C; see 'pilotty key --help') is pressed, every
other word is typed as it is, and nothing comes between them. A word that is another spelling of a key (enter, Esc,
C-c), or several keys, is refused, and so is the name of a character (Plus, Bar): it could be meant as text. 'pilotty
type' only types, whatever the text says, and takes stdin, escapes and secrets; 'pilotty key' only presses keys,
several in one argument. All words are checked before anything is sent.`,
  arguments: { words: words('text or keys, each a word of its own', readPart) },
  options: {
    ...selectorOptions,
    literal: list('TEXT', text, 'TEXT, among the words, is typed, also where it is the name of a key', 'l'),
    delay: value('TIME', durationUpTo(10_000), 'between keys, and between words, up to 10s'),
    timeout: value('TIME', deadline, 'time limit for the program to read it (default: 30s)', 't'),
    ...actOptions,
  },
  examples: [
    [
      "pilotty send -s editor iHello Escape ':wq' Enter --wait-exit -q",
      'insert a line in vim, save and leave',
    ],
    ["pilotty send 'git log' Enter --wait-settle 100ms -f text", 'a command, and the screen it led to'],
    ['pilotty send y Enter n Enter', 'two answers'],
    ['pilotty send -l Enter Enter', 'the word Enter, and the key'],
  ],
  startsDaemon: true,
  async run(given, io, client) {
    const { words: parts, literal, delay, timeout } = given;
    // Among the words it never gets here: it would have lost its place.
    if (literal.length > 0)
      throw new UsageError('-l stands together with its text', `Write --literal ${literal[0]}.`);
    if (parts.length === 0)
      throw new UsageError('WORDS is missing', "For example 'pilotty send hello Enter'.");
    return actOnEach('session.send', { parts, delay_ms: delay, timeout_ms: timeout }, given, io, client);
  },
});

function readPart(word: string, isLiteral: boolean): { text: string } | { word: string } {
  return isLiteral ? { text: word } : { word };
}
