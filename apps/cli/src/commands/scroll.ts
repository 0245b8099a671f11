import { act, actOptions } from '../act-options.ts';
import {
  command,
  integer,
  integerFrom,
  oneOf,
  optional,
  required,
  sessionOf,
  sessionOption,
  value,
} from '../command.ts';
import { heldOptions } from '../mouse-options.ts';

export const declaration = command({
  name: 'scroll',
  summary: 'scroll, as with the mouse wheel',
  description: `A program that has not enabled the mouse gets arrow keys where a terminal would send them
(the alternate screen with mode 1007 on), and otherwise nothing: MOUSE_DISABLED.`,
  arguments: {
    direction: required('up, down, left or right', oneOf('up', 'down', 'left', 'right')),
    amount: optional('notches of the wheel (default: 1)', integerFrom(1, 1000)),
  },
  options: {
    session: sessionOption,
    row: value('ROW', integer, 'row of the mouse (default: the middle)'),
    col: value('COL', integer, 'column of the mouse (default: the middle)'),
    ...heldOptions,
    ...actOptions,
  },
  examples: [
    ['pilotty scroll down', 'one notch'],
    ['pilotty scroll up 10 -s log --row 3 --col 40', 'ten, with the mouse over a pane'],
  ],
  startsDaemon: true,
  async run(given, io, client) {
    const { session, direction, amount, row, col, shift, alt, ctrl, force } = given;
    const params = {
      session: sessionOf({ session }, io),
      direction,
      amount,
      row,
      col,
      shift,
      alt,
      ctrl,
      force,
    };
    return act('session.scroll', params, given, io, client);
  },
});
