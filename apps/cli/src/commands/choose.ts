import { act, actOptions } from '../act-options.ts';
import { command, deadline, optional, sessionOf, sessionOption, text, value } from '../command.ts';
import { UsageError } from '../usage-error.ts';

export const declaration = command({
  name: 'choose',
  summary: 'move to an element by keys, and press Enter',
  description: `Presses Tab or arrow keys, checks the screen after each, and presses Enter (Space on a checkbox) only once the
element has the focus. Works without a mouse; see 'pilotty snapshot --elements' for the elements.`,
  arguments: { element: optional('an element such as @e3', ref) },
  options: {
    session: sessionOption,
    text: value('TEXT', text, 'the element with this text, or whose text begins with it'),
    timeout: value('TIME', deadline, 'time limit (default: 30s)', 't'),
    ...actOptions,
  },
  examples: [
    ['pilotty choose @e3', 'an element of the last snapshot'],
    ['pilotty choose --text Cancel -s setup', 'the button that says Cancel'],
  ],
  startsDaemon: true,
  async run(given, io, client) {
    const { session, element, text, timeout } = given;
    if ((element === undefined) === (text === undefined)) {
      throw new UsageError('choose takes an element, or --text', "For example 'pilotty choose @e3'.");
    }
    const params = { session: sessionOf({ session }, io), ref: element, text, timeout_ms: timeout };
    return act('session.choose', params, given, io, client);
  },
});

function ref(given: string): string {
  if (given.startsWith('@')) return given;
  throw new UsageError(
    `is '${given}', and must be a ref such as @e3`,
    "For the element with that text use --text; 'pilotty snapshot --elements' lists refs.",
  );
}
