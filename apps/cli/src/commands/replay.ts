import { resolve } from 'node:path';
import type { Replaying } from '@pilotty/app-replay';
import { command, durationUpTo, flag, type Given, nonEmpty, oneOf, required, value } from '../command.ts';
import type { Io } from '../io.ts';
import { printJson, printNotes, writeDrawn } from '../output.ts';
import { playerTerminal } from '../player-terminal.ts';
import { cutNote, withReplay } from '../replay-program.ts';
import { UsageError } from '../usage-error.ts';

const DAY_MS = 86_400_000;
const time = durationUpTo(30 * DAY_MS);

const commandArguments = { file: required('an asciicast of version 1, 2 or 3', nonEmpty) };

const options = {
  'screen-at': value(
    'TIME',
    moment,
    'print the screen at TIME instead: 12.5s, -1s (before the end), end, or marker:LABEL',
  ),
  format: value(
    'FORMAT',
    oneOf('full', 'text', 'ansi', 'html', 'svg', 'png'),
    '--screen-at: its format (default: text)',
    'f',
  ),
  theme: value('THEME', oneOf('dark', 'light'), '--screen-at: colours of html, svg and png (default: dark)'),
  'list-markers': flag('print its markers, its length and its end instead, as JSON'),
  speed: value('N', speed, 'so many times as fast, from 0.1 to 100 (default: 1)'),
  'idle-limit': value('TIME', time, 'longest pause'),
  exit: flag('end at the end, instead of waiting for q'),
};

type ReplayGiven = Given<typeof commandArguments, typeof options> & { json: boolean };

export const declaration = command({
  name: 'replay',
  summary: 'play a recording here, or show a moment of it',
  description: `Space pauses, Left and Right jump by 5s, [ and ] go to markers, + and - change the speed, q quits. The terminal is left
as it was found. The recorded program's queries and modes never reach it. Needs no daemon.`,
  arguments: commandArguments,
  options,
  examples: [
    ['pilotty replay demo.cast --idle-limit 1s', 'play it, without long pauses'],
    [
      'pilotty replay demo.cast --screen-at 12.5s',
      'the screen at that moment, as snapshot --format text has it',
    ],
    ['pilotty replay demo.cast --screen-at end --format png > last.png', 'a picture of the last screen'],
    ['pilotty replay demo.cast --list-markers', 'what moments were marked'],
  ],
  startsDaemon: false,
  hostUnsupportedReason: ({ host }) => (host === undefined ? undefined : 'it plays a file of this one'),
  needsProcess: () => true,
  batchUnsupportedReason: (given) =>
    given['screen-at'] === undefined && !given['list-markers'] ? 'it plays in a terminal' : undefined,
  answer: {
    only: 'type file version at_ms duration_ms size{cols rows} cursor{row col visible} title alternate_screen text format data_base64 markers{at_ms label} exit_status cut note',
  },
  async run(given, io) {
    const path = resolve(io.cwd, given.file);
    return await withReplay(io, async (replay) => {
      if (given['list-markers']) return await listMarkers(replay, path, given, io);
      if (given['screen-at'] !== undefined)
        return await printScreen(replay, path, given['screen-at'], given, io);
      return await play(replay, path, given, io);
    });
  },
});

async function listMarkers(replay: Replaying, path: string, { file }: ReplayGiven, io: Io): Promise<number> {
  const { version, durationMs, isCut, exitStatus, markers } = await replay.markers(path);
  const note = cutNote(file, isCut);
  await printJson(io.stdout, {
    type: 'recording_markers',
    file: path,
    version,
    duration_ms: Math.round(durationMs),
    markers: markers.map(({ timeMs, label }) => ({ at_ms: Math.round(timeMs), label })),
    ...(exitStatus !== undefined && { exit_status: exitStatus }),
    ...(isCut && { cut: true, note }),
  });
  return 0;
}

type Moment = Parameters<Replaying['screenAt']>[1];

async function printScreen(
  replay: Replaying,
  path: string,
  at: Moment,
  given: ReplayGiven,
  io: Io,
): Promise<number> {
  const { format = given.json ? 'full' : 'text', theme = 'dark' } = given;
  if (format === 'png' && io.stdout.isTty && !given.json)
    throw new UsageError('a terminal cannot show a PNG', 'Redirect it: > screen.png.');
  const still = await replay.screenAt(path, at, { format, theme });
  const { timeMs, durationMs, isCut, isAlternate, size, cursor, title, text, rendered } = still;
  const note = cutNote(given.file, isCut);
  if (rendered !== undefined && !given.json) {
    await writeDrawn(io.stdout, typeof rendered === 'string' ? rendered.replace(/\n?$/, '\n') : rendered);
    await printNotes(io.stderr, [note]);
    return 0;
  }
  await printJson(io.stdout, {
    type: 'recorded_screen',
    file: path,
    at_ms: Math.round(timeMs),
    duration_ms: Math.round(durationMs),
    size,
    cursor,
    ...(title !== '' && { title }),
    ...(isAlternate && { alternate_screen: true }),
    ...(format !== 'full' && { format }),
    ...(typeof rendered === 'object'
      ? { data_base64: Buffer.from(rendered).toString('base64') }
      : { text: rendered ?? text }),
    ...(isCut && { cut: true, note }),
  });
  return 0;
}

async function play(replay: Replaying, path: string, given: ReplayGiven, io: Io): Promise<number> {
  if (!io.stdout.isTty) {
    throw new UsageError(
      'a recording is played in a terminal, and stdout is none',
      'Print a moment of it with --screen-at TIME, or all of it with: pilotty record export FILE --to FILE.txt.',
    );
  }
  await replay.play(path, {
    speed: given.speed ?? 1,
    idleLimitMs: given['idle-limit'],
    endsItself: given.exit,
    signal: io.signal,
    terminal: await playerTerminal(io),
  });
  io.signal.throwIfAborted();
  return 0;
}

function moment(given: string): Moment {
  const [, marker] = /^marker:(.+)$/s.exec(given) ?? [];
  if (marker !== undefined) return { marker };
  if (given === 'end') return { ms: 0, from: 'end' };
  return given.startsWith('-')
    ? { ms: time(given.slice(1)), from: 'end' }
    : { ms: time(given), from: 'start' };
}

function speed(given: string): number {
  const number = Number(given);
  if (given !== '' && number >= 0.1 && number <= 100) return number;
  throw new UsageError(`is '${given}', and must be from 0.1 to 100`);
}
