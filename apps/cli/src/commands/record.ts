import { ALL_SCOPES, type Client, type Params } from '@pilotty/client';
import {
  command,
  type Given,
  nonEmpty,
  oneOf,
  optional,
  required,
  sessionOf,
  sessionOption,
  value,
} from '../command.ts';
import type { Io } from '../io.ts';
import { printJson } from '../output.ts';
import { recordingFile, recordStartOptions } from '../recording-options.ts';
import { allScopes } from '../selector.ts';
import { UsageError } from '../usage-error.ts';

const actions = ['start', 'stop', 'mark', 'list', 'export'] as const;

const commandArguments = {
  action: required(actions.join(', '), oneOf(...actions)),
  what: optional('FILE to record into, to stop or to export; LABEL of a mark', nonEmpty),
};

const options = {
  session: sessionOption,
  'all-scopes': { ...allScopes, description: 'list: of all scopes, not only of $PILOTTY_SCOPE' },
  ...recordStartOptions,
  to: value('FILE', nonEmpty, 'export: to FILE.gif, FILE.svg or FILE.txt'),
  theme: value('THEME', oneOf('dark', 'light'), 'export: colours of pictures (default: dark)'),
  speed: value('N', speed, 'export: so many times as fast (default: 1)'),
  'idle-limit': value('TIME', nonEmpty, 'export: longest pause'),
};

type RecordGiven = Given<typeof commandArguments, typeof options>;

export const declaration = command({
  name: 'record',
  summary: 'record a session into a file that can be played',
  description: `start [FILE] records from now on, beginning with the screen as it is; stop ends it; mark [LABEL] adds a marker; list
shows recordings, also ended ones; export FILE --to OUT makes a GIF, an animated SVG or text of one. Files are asciicasts:
'pilotty replay' and asciinema play them. A recording never holds its session up: where the disk is full, the recording ends.`,
  arguments: commandArguments,
  options,
  examples: [
    ['pilotty record start -s build', 'into a new file, which the answer names'],
    ['pilotty record start -s demo demo.cast --max-size 10M', 'into this file, which ends at 10 MiB'],
    ['pilotty record mark -s demo "tests begin"', 'a moment to find again'],
    ['pilotty record stop -s demo', 'when all of it is in the file'],
    ['pilotty record export demo.cast --to demo.gif --idle-limit 2s', 'a picture that moves'],
  ],
  startsDaemon: false,
  answer: {
    only: 'type recording{session session_id file format input state ended_because started_at duration_ms bytes note} recordings{session session_id file format input state ended_because started_at duration_ms bytes note} session session_id label marks{file at_ms} file bytes frames width height duration_ms note unreachable{host reason last_seen last_sessions{*}}',
  },
  needsProcess: ({ action }) => action === 'export',
  hostUnsupportedReason: ({ action, host }) =>
    action === 'export' && host !== undefined ? 'it reads a file of this one' : undefined,
  async run(given, io, client) {
    const { action } = given;
    if (action !== 'start') refuseStartOptions(given);
    if (action === 'export') return (await import('../export-recording.ts')).exportRecording(given, io);
    if (given['all-scopes'] && action !== 'list') throw new UsageError('--all-scopes belongs to record list');
    if (given.to !== undefined) throw new UsageError('--to belongs to record export');
    await printJson(io.stdout, await ask(given, io, client));
    return 0;
  },
});

async function ask(given: RecordGiven, io: Io, client: Client): Promise<object> {
  const { what } = given;
  const session = sessionOf(given, io);
  const isFile = given.action === 'start' || given.action === 'stop';
  const file = what === undefined || !isFile ? undefined : recordingFile(what, io);
  const { signal } = io;
  switch (given.action) {
    case 'start':
      return await client.request('recording.start', startRequest(given, session, file), { signal });
    case 'stop':
      return await client.request('recording.stop', { session, file }, { signal });
    case 'mark':
      return await client.request('recording.mark', { session, label: what }, { signal });
    default:
      // Of all sessions, unless one is named.
      return await client.request(
        'recording.list',
        { session: given.session, scope: given['all-scopes'] ? ALL_SCOPES : undefined },
        { signal },
      );
  }
}

function startRequest(
  given: RecordGiven,
  session: string | undefined,
  file: string | undefined,
): Params<'recording.start'> {
  const { format, input, redact, 'max-size': max_bytes, rotate } = given;
  return { session, file, format, input, redact, max_bytes, rotate };
}

function refuseStartOptions(given: RecordGiven): void {
  const { format, input, redact, rotate, 'max-size': maxSize } = given;
  if (format ?? redact ?? rotate ?? maxSize ?? (input || undefined) === undefined) return;
  throw new UsageError(
    `--format, --input, --redact, --max-size and --rotate belong to record start, not to record ${given.action}`,
  );
}

function speed(given: string): number {
  const number = Number(given);
  if (given !== '' && number >= 0.1 && number <= 100) return number;
  throw new UsageError(`is '${given}', and must be from 0.1 to 100`);
}
