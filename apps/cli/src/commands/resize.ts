import { actOnEach, actOptions } from '../act-options.ts';
import { command, required, side } from '../command.ts';
import { whichOptions } from '../which.ts';

export const declaration = command({
  name: 'resize',
  summary: 'change the size of the terminal',
  description:
    'The program is told, as when a window is resized. Up to 1000 either way, 250 000 cells in all.',
  arguments: {
    cols: required('how wide, in cells', side),
    rows: required('how high, in cells', side),
  },
  options: { ...whichOptions, ...actOptions },
  examples: [
    ['pilotty resize 120 40', 'the session used last'],
    ['pilotty resize 80 24 -s editor', 'a session by name'],
  ],
  startsDaemon: true,
  async run(given, io, client) {
    const { cols, rows } = given;
    const params = { cols, rows };
    return actOnEach('session.resize', params, given, io, client);
  },
});
