/** How a recording is asked for: what `spawn`, `run` and `record start` have in common. */
import { resolve } from 'node:path';
import type { Params } from '@pilotty/client';
import { flag, type Given, grouped, nonEmpty, type Option, oneOf, value } from './command.ts';
import type { Io } from './io.ts';
import { UsageError } from './usage-error.ts';

const UNITS: Readonly<Record<string, number>> = { K: 1024, M: 1024 ** 2, G: 1024 ** 3 };

/** `500000`, `64K`, `10M`, `1G`: bytes. */
export function byteSize(given: string): number {
  const [, number, unit = ''] = /^(\d{1,12})([KMG]?)(?:i?B)?$/i.exec(given) ?? [];
  if (number === undefined) throw new UsageError(`is '${given}', and must be a size such as 500K, 10M or 1G`);
  return Number(number) * (UNITS[unit.toUpperCase()] ?? 1);
}

function count(given: string): number {
  if (/^\d{1,3}$/.test(given)) return Number(given);
  throw new UsageError(`is '${given}', and must be from 0 to 999`);
}

export const recordStartOptions = {
  format: value('FORMAT', oneOf('v3', 'v2'), 'version of asciicast (default: v3)'),
  input: flag('also what is typed; never a secret, nor a line that is read with the echo off'),
  redact: value(
    'RE',
    nonEmpty,
    'record what matches as asterisks, besides what matches $PILOTTY_REDACT (RE2)',
  ),
  'max-size': value('SIZE', byteSize, 'end the recording at this size: 500K, 10M, 1G (default: 256M)'),
  rotate: value('N', count, 'at that size begin FILE anew, and keep the last N as FILE.1, FILE.2 ...'),
};

const record: Option<string | undefined> = {
  description: 'record it into FILE (default: a new file in the directory for recordings)',
  placeholder: 'FILE',
  preset: '',
  isJoined: true,
  absent: undefined,
  read: (given) => given,
};

/** Of a program that is started: the words of `record start`, with its own before them. */
export const recordingOptions = grouped('Recording', {
  record,
  'record-input': recordStartOptions.input,
  'record-redact': recordStartOptions.redact,
  'record-max-size': recordStartOptions['max-size'],
});

type StartParams = NonNullable<Params<'session.spawn'>['record']>;

export function recordParam(
  given: Given<Record<never, never>, typeof recordingOptions>,
  io: Io,
): StartParams | undefined {
  const wanted = given.record;
  const isConfigured =
    given['record-input'] || given['record-redact'] !== undefined || given['record-max-size'] !== undefined;
  if (wanted === undefined) {
    if (!isConfigured) return undefined;
    throw new UsageError('--record-... needs --record', 'Write --record or --record=FILE as well.');
  }
  return {
    file: wanted === '' ? undefined : recordingFile(wanted, io),
    input: given['record-input'],
    redact: given['record-redact'],
    max_bytes: given['record-max-size'],
  };
}

/** Where the daemon writes it. @throws UsageError for a path on another host that depends on a directory of this one */
export function recordingFile(given: string, io: Io): string {
  if (io.surroundings === undefined || given.startsWith('/')) return resolve(io.cwd, given);
  throw new UsageError(
    `FILE is '${given}': the recording is written on the other host, where this path leads nowhere`,
    'Write a path there that begins with /, or none.',
  );
}
