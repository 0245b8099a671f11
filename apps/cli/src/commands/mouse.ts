import { act, actOptions } from '../act-options.ts';
import { command, integer, oneOf, optional, required, sessionOf, sessionOption, value } from '../command.ts';
import { heldOptions } from '../mouse-options.ts';

export const declaration = command({
  name: 'mouse',
  summary: 'press, release, move or drag the mouse',
  description:
    'Rows and columns count from 0, the row first. A drag presses, moves through the cells and releases.',
  arguments: {
    action: required('press, release, move or drag', oneOf('press', 'release', 'move', 'drag')),
    row: required('the row', integer),
    col: required('the column', integer),
    torow: optional('the row where a drag ends', integer),
    tocol: optional('the column where a drag ends', integer),
  },
  options: {
    session: sessionOption,
    button: value(
      'BUTTON',
      oneOf('left', 'middle', 'right', 'none'),
      'left, middle, right or none (default: left)',
    ),
    ...heldOptions,
    ...actOptions,
  },
  examples: [
    ['pilotty mouse drag 2 0 2 40', 'mark part of row 2'],
    ['pilotty mouse move 10 5', 'for programs that follow the mouse'],
    ['pilotty mouse press 4 4 --button right --ctrl', 'one half of a click'],
  ],
  startsDaemon: true,
  async run(given, io, client) {
    const { session, action, row, col, torow, tocol, button, shift, alt, ctrl, force } = given;
    const params = {
      session: sessionOf({ session }, io),
      action,
      row,
      col,
      to_row: torow,
      to_col: tocol,
      button,
      shift,
      alt,
      ctrl,
      force,
    };
    return act('session.mouse', params, given, io, client);
  },
});
