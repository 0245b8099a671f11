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
import { printJson } from '../output.ts';

export const declaration = command({
  name: 'scroll',
  summary: 'turn the mouse wheel',
  description: `A program that does not listen to the mouse gets arrow keys where a terminal would send them
(the alternate screen with mode 1007 on), and otherwise nothing: MOUSE_DISABLED.`,
  arguments: {
    direction: required('up, down, left or right', oneOf('up', 'down', 'left', 'right')),
    amount: optional('how far, in notches of the wheel; 1', integerFrom(1, 1000)),
  },
  options: {
    session: sessionOption,
    row: value('ROW', integer, 'where the mouse is; the middle of the screen'),
    col: value('COL', integer, 'and in which column'),
    ...heldOptions,
  },
  examples: [
    ['pilotty scroll down', 'one notch'],
    ['pilotty scroll up 10 -s log --row 3 --col 40', 'ten, with the mouse over a pane'],
  ],
  startsDaemon: true,
  async run({ session, direction, amount, row, col, shift, alt, ctrl, force }, io, client) {
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
    await printJson(io.stdout, await client.request('session.scroll', params, { signal: io.signal }));
    return 0;
  },
});
