import type { Result } from '@pilotty/client';
import {
  command,
  deadline,
  flag,
  integer,
  oneOf,
  restTime,
  sessionOf,
  sessionOption,
  text,
  value,
} from '../command.ts';
import { printLooked, requirePrintable } from '../print-screen.ts';
import { screenFormat } from '../screen-format.ts';
import { UsageError } from '../usage-error.ts';
import { waitExitCode, waitFirstOptions, waitOf } from '../wait-options.ts';

export const declaration = command({
  name: 'snapshot',
  summary: 'show the screen, now or once it has changed',
  description: `Answers with the latest screen also when the deadline passes or the program ends; 'outcome' says which it was.
Exits with 3 when the deadline passed, and with 4 when the program ended before a --wait-… condition was met.
Rows and columns count from 0. In the text format the cursor's cell is marked [x], or [_] on a blank.`,
  options: {
    session: sessionOption,
    format: value(
      'FORMAT',
      screenFormat,
      'full (JSON), compact (JSON without the text), new (the lines printed or changed since the last input), text, ansi, html, svg or png (default: full)',
      'f',
    ),
    rows: value(
      'FIRST:LAST',
      rowRange,
      'only these rows, both included, counted from 0; negative ones are above the screen: --rows=-20:-1',
    ),
    scrollback: value('N', integer, 'also N rows above the screen'),
    styles: flag('full, compact: also the rows as spans of one style'),
    elements: flag('full, compact: also buttons, menus and fields, with refs to click or choose'),
    since: value('REV', integer, 'full: only what changed since this revision'),
    at: value('MOMENT', text, 'as it was so long ago (-5s), or at a time: 12:00:05, 2026-01-31T12:00:05Z'),
    'at-offset': value('N', integer, 'as it was after N bytes of output'),
    theme: value('THEME', oneOf('dark', 'light'), 'html, svg, png: dark or light (default: dark)'),
    'await-change': value(
      'HASH',
      integer,
      'wait until the screen differs from this content_hash or revision',
    ),
    settle: value('TIME', restTime, 'then wait until it has not changed for TIME'),
    timeout: value('TIME', deadline, 'time limit (default: 30s)', 't'),
    strict: flag('exit with 4 whenever the program has ended'),
    ...waitFirstOptions,
  },
  examples: [
    ['pilotty snapshot --format text', 'the screen as text'],
    [
      'HASH=$(pilotty snapshot | jq .content_hash); pilotty key Down; pilotty snapshot --await-change $HASH --settle 50',
      'the screen after the key, once it has settled',
    ],
    ['pilotty snapshot --format png > screen.png', 'a picture of it'],
    ['pilotty snapshot --elements | jq -c .elements[]', 'the buttons, menus and fields, with refs'],
    ['pilotty snapshot --at -5s --format text', 'the screen as it was'],
    ['pilotty snapshot -s build --settle 2s -t 5m', 'once the screen has settled, or exit with 3'],
  ],
  startsDaemon: true,
  async run(given, io, client) {
    if (!given.json) requirePrintable(given.format, io);
    const params = {
      session: sessionOf(given, io),
      format: given.format,
      rows: given.rows,
      scrollback: given.scrollback,
      styles: given.styles,
      elements: given.elements,
      since: given.since,
      theme: given.theme,
      at: given.at && (await import('../past-moment.ts')).pastMoment(given.at),
      at_offset: given['at-offset'],
      await_change: given['await-change'],
      settle_ms: given.settle,
      wait: waitOf(given),
      timeout_ms: given.timeout,
    };
    const screen = await client.request('session.snapshot', params, { signal: io.signal });
    await printLooked(screen, given.json, io);
    return exitCodeOf(screen, given.strict === true);
  },
});

function exitCodeOf({ outcome, wait }: Result<'session.snapshot'>, isStrict: boolean): number {
  if (wait !== undefined && !wait.holds) return waitExitCode(wait);
  if (outcome === 'deadline') return 3;
  return isStrict && outcome === 'exited' ? 4 : 0;
}

function rowRange(given: string): { first: number; last: number } {
  const [first, last] = /^(-?\d+):(-?\d+)$/.exec(given)?.slice(1).map(Number) ?? [];
  if (first === undefined || last === undefined || first > last) {
    throw new UsageError(`is '${given}', and must be FIRST:LAST, such as --rows=0:4 or --rows=-20:-1`);
  }
  return { first, last };
}
