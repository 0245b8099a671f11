import { actOnEach, actOptions } from '../act-options.ts';
import { cols, command, optional, required, rows, size } from '../command.ts';
import { selectorOptions } from '../selector.ts';
import { UsageError } from '../usage-error.ts';

export const declaration = command({
  name: 'resize',
  summary: 'change the size of the terminal',
  description:
    'The program gets SIGWINCH, as when a window is resized. From 2 columns and 1 row up to 1000 each, 250 000 cells in all.',
  arguments: {
    cols: required('how wide, in cells; or both at once: 120x40', sideOrSize),
    rows: optional('how high, in cells', rows),
  },
  options: { ...selectorOptions, ...actOptions },
  examples: [
    ['pilotty resize 120 40', 'the session used last'],
    ['pilotty resize 80x24 -s editor', 'a session by name'],
  ],
  startsDaemon: true,
  async run(given, io, client) {
    return actOnEach('session.resize', sizeOf(given.cols, given.rows), given, io, client);
  },
});

type Size = { cols: number; rows: number };

function sideOrSize(given: string): number | Size {
  return /x/i.test(given) ? size(given) : cols(given);
}

function sizeOf(cols: number | Size, rows: number | undefined): Size {
  if (typeof cols === 'number' && rows !== undefined) return { cols, rows };
  if (typeof cols === 'object' && rows === undefined) return cols;
  throw new UsageError(
    typeof cols === 'number' ? 'ROWS is missing' : 'ROWS is given twice',
    "Write 'pilotty resize 120 40' or 'pilotty resize 120x40'.",
  );
}
