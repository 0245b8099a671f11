import { act, actOptions } from '../act-options.ts';
import {
  command,
  integer,
  integerFrom,
  oneOf,
  optional,
  sessionOf,
  sessionOption,
  text,
  value,
} from '../command.ts';
import { heldOptions } from '../mouse-options.ts';
import { UsageError } from '../usage-error.ts';

export const declaration = command({
  name: 'click',
  summary: 'click on a cell, an element or a text',
  description: `Rows and columns count from 0, the row first; refs such as @e3 come from 'pilotty snapshot --elements'.
If the program has not enabled the mouse, nothing is sent: MOUSE_DISABLED. 'pilotty choose' uses keys instead.`,
  arguments: {
    place: optional('a row, or an element such as @e3', text),
    col: optional('the column, if PLACE is a row', integer),
  },
  options: {
    session: sessionOption,
    text: value('TEXT', text, 'click on the first place that shows TEXT'),
    button: value('BUTTON', oneOf('left', 'middle', 'right'), 'left, middle or right (default: left)'),
    count: value('N', integerFrom(1, 3), '2: double click (default: 1)'),
    ...heldOptions,
    ...actOptions,
  },
  examples: [
    ['pilotty click 10 5', 'the cell in row 10, column 5'],
    ['pilotty click @e3', 'an element of the last snapshot'],
    ['pilotty click --text OK', 'the text OK'],
  ],
  startsDaemon: true,
  async run(given, io, client) {
    const { session, place, col, text, button, count, shift, alt, ctrl, force } = given;
    const params = {
      session: sessionOf({ session }, io),
      ...where(place, col, text),
      button,
      count,
      shift,
      alt,
      ctrl,
      force,
    };
    return act('session.click', params, given, io, client);
  },
});

function where(
  place: string | undefined,
  col: number | undefined,
  text: string | undefined,
): { row: number; col: number } | { ref: string } | { text: string } {
  if (text !== undefined && place === undefined) return { text };
  if (text === undefined && place?.startsWith('@') && col === undefined) return { ref: place };
  if (text === undefined && place !== undefined && /^\d+$/.test(place) && col !== undefined) {
    return { row: Number(place), col };
  }
  throw new UsageError(
    'click takes a row and a column, or an element, or --text',
    "For example 'pilotty click 10 5', 'pilotty click @e3' or 'pilotty click --text OK'.",
  );
}
