/**
 * What a user may change about a daemon, by environment variables. The daemon reads them when it starts, the
 * command line to say which of them cannot be understood.
 */
import { MAX_DURATION_MS, parseDuration } from './duration.ts';
import { RequestError } from './errors.ts';

/** A session costs a thread and some 0.4 MB; a thousand is where that begins to be felt. PILOTTY_MAX_SESSIONS says otherwise. */
const DEFAULT_MAX_SESSIONS = 1000;
/** More terminals than a kernel gives: 4096 by default, see kernel.pty.max. */
const MAX_SESSIONS = 100_000;

export interface Settings {
  /** Stop after this long without a session and without a request. */
  idleTimeoutMs: number;
  /** How long an ended session can be looked at. */
  retainMs: number;
  /** Output retained for each session, unless its spawn says otherwise. */
  retainBytes: number;
  /** Live ones. */
  maxSessions: number;
  logLevel: string;
  /** A regular expression: what matches is left out of the log, of recordings and of reports. */
  redact: string | undefined;
  /** The file that says which acts are done for whom. */
  policyFile: string | undefined;
  /** Every session is recorded into a file in this directory. */
  recordDir: string | undefined;
  /** What is kept on disk of running sessions, so that they can be started again: also the end of their output. */
  restore: 'output' | 'commands' | 'off';
  /** Where that is kept; undefined where there is no place for it. */
  keptDir: string | undefined;
  /** Where recordings go that are given no file. */
  defaultRecordDir: string;
}

const MINUTE_MS = 60_000;
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/** The daemon's settings. @throws RequestError INVALID_INPUT naming the variable that cannot be understood. */
export function settingsFrom(env: Readonly<Record<string, string | undefined>>): Settings {
  return {
    idleTimeoutMs: duration(env, 'PILOTTY_IDLE_TIMEOUT', 5 * MINUTE_MS),
    retainMs: duration(env, 'PILOTTY_REMEMBER', 10 * MINUTE_MS),
    retainBytes: byteCount(env, 'PILOTTY_RETAIN_BYTES', 2 * 1024 * 1024),
    maxSessions: count(env, 'PILOTTY_MAX_SESSIONS', DEFAULT_MAX_SESSIONS, MAX_SESSIONS),
    logLevel: logLevel(env),
    redact: env.PILOTTY_REDACT || undefined,
    policyFile: absolutePath(env, 'PILOTTY_POLICY'),
    recordDir: absolutePath(env, 'PILOTTY_RECORD_DIR'),
    restore: restore(env),
    keptDir: keptDir(env),
    defaultRecordDir: defaultRecordDir(env),
  };
}

const RESTORE = ['output', 'commands', 'off'] as const;

type Environment = Readonly<Record<string, string | undefined>>;

function absolutePath(env: Environment, name: string): string | undefined {
  const text = env[name];
  if (!text) return undefined;
  if (!text.startsWith('/')) throw invalid(name, text, 'an absolute path');
  return text;
}

function restore(env: Environment): Settings['restore'] {
  const text = env.PILOTTY_RESTORE || 'output';
  const known = RESTORE.find((word) => word === text);
  if (known === undefined) throw invalid('PILOTTY_RESTORE', text, `one of ${RESTORE.join(', ')}`);
  return known;
}

/** Not in the socket's directory, which may be gone after a reboot; nor in /tmp, which is everyone's. */
function keptDir({ XDG_STATE_HOME: state, HOME: home }: Environment): string | undefined {
  if (state?.startsWith('/')) return `${state}/pilotty/sessions`;
  return home?.startsWith('/') ? `${home}/.local/state/pilotty/sessions` : undefined;
}

/** As the XDG base directory specification has it for what is kept and is no setting. */
function defaultRecordDir({ XDG_STATE_HOME: state, HOME: home }: Environment): string {
  if (state?.startsWith('/')) return `${state}/pilotty/recordings`;
  return `${home?.startsWith('/') ? home : '/tmp'}/.local/state/pilotty/recordings`;
}

function duration(env: Environment, name: string, otherwise: number): number {
  const text = env[name];
  if (!text) return otherwise;
  const ms = parseDuration(text);
  if (ms === undefined || ms > MAX_DURATION_MS)
    throw invalid(name, text, "a duration of at most 24 days, such as '90s', '5m' or '1h30m'");
  return ms;
}

function byteCount(env: Environment, name: string, otherwise: number): number {
  const text = env[name];
  if (!text) return otherwise;
  if (!/^\d{1,10}$/.test(text)) throw invalid(name, text, 'a number of bytes');
  return Number(text);
}

function count(env: Environment, name: string, otherwise: number, most: number): number {
  const text = env[name];
  if (!text) return otherwise;
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < 1 || number > most)
    throw invalid(name, text, `a number from 1 to ${most}`);
  return number;
}

function logLevel(env: Environment): string {
  const text = env.PILOTTY_LOG_LEVEL || 'info';
  if (!LOG_LEVELS.includes(text)) throw invalid('PILOTTY_LOG_LEVEL', text, `one of ${LOG_LEVELS.join(', ')}`);
  return text;
}

function invalid(name: string, text: string, wanted: string): RequestError {
  return new RequestError('INVALID_INPUT', `${name} is '${text}', which is not ${wanted}`, {
    suggestion: `Set ${name} to ${wanted}, or unset it.`,
  });
}
