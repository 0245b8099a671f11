/** The daemon's bounds, each with its reason. What a user may change stands in `Settings`. */
import { RequestError } from '@pilotty/protocol';

/** A session costs a thread and some 0.4 MB; a thousand is where that begins to be felt. PILOTTY_MAX_SESSIONS says otherwise. */
const DEFAULT_MAX_SESSIONS = 1000;
/** More terminals than a kernel gives: 4096 by default, see kernel.pty.max. */
const MOST_SESSIONS = 100_000;
/** Each may hold an unfinished message of MAX_MESSAGE_BYTES. */
export const MAX_CONNECTIONS = 1000;
/** Requests of one connection that have not been answered, and their bytes; more do not begin until some are. */
export const MAX_PENDING_REQUESTS = 256;
export const MAX_PENDING_BYTES = 64 * 1024 * 1024;
/** Requests of one connection that were read and wait for that; beyond, its socket is not read. */
export const MAX_WAITING_REQUESTS = 256;
export const MAX_WAITING_BYTES = 1024 * 1024;
/** A request is some objects deep, and has a few thousand values in the longest list of words: parsing holds the loop. */
export const MAX_REQUEST_DEPTH = 64;
export const MAX_REQUEST_VALUES = 250_000;
/** Input a program has not read yet. A paste of this size is a mistake; the memory is the daemon's. */
export const MAX_QUEUED_INPUT_BYTES = 64 * 1024 * 1024;
/** Output a viewer has not taken yet; a screen with its scrollback is about as long, and sent instead. */
export const MAX_VIEW_BYTES = 256 * 1024;
/** Ended sessions that can still be looked at: at most so many, and so many bytes of screens and output. */
export const MAX_REMEMBERED = 200;
export const MAX_REMEMBERED_BYTES = 64 * 1024 * 1024;
/** Events that can still be read, in all and of one session: an event takes from 200 bytes to some 3 KiB. */
export const MAX_EVENTS = 4096;
export const MAX_EVENTS_OF_SESSION = 512;
/** Lines that one search answers; each has at most some 1000 characters. */
export const MAX_MATCHES = 10_000;

/** Commands of a session's shell that are remembered; each may have a command line of 8 KiB. */
export const MAX_COMMANDS = 1000;
/** Commands of exec whose output somebody, a background job, still has open. Each takes two descriptors. */
export const MAX_EXEC_CHANNELS = 256;
/** Output that a command printed while nobody waited for it: the last of each stream. */
export const MAX_UNREAD_EXEC_BYTES = 1024 * 1024;
/** A command that is typed to a shell behind ssh or the like, some thousand characters a line and an answer to each. */
export const MAX_TYPED_COMMAND_BYTES = 64 * 1024;
/** What a terminal that reads line by line takes in one, see termios(3); more it drops without a word. */
export const MAX_TYPED_LINE_BYTES = 4095;

export interface Settings {
  /** Stop after this long without a session and without a request. */
  idleTimeoutMs: number;
  /** How long an ended session can be looked at. */
  rememberMs: number;
  /** Output retained for each session, unless its spawn says otherwise. */
  retainBytes: number;
  /** Live ones. */
  maxSessions: number;
  logLevel: string;
  /** A regular expression: what matches is left out of the log. */
  redact: string | undefined;
}

const MINUTE_MS = 60_000;
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/** @throws RequestError INVALID_INPUT naming the variable that cannot be understood. */
export function settingsFrom(env: Readonly<Record<string, string | undefined>>): Settings {
  return {
    idleTimeoutMs: duration(env, 'PILOTTY_IDLE_TIMEOUT', 5 * MINUTE_MS),
    rememberMs: duration(env, 'PILOTTY_REMEMBER', 10 * MINUTE_MS),
    retainBytes: byteCount(env, 'PILOTTY_RETAIN_BYTES', 2 * 1024 * 1024),
    maxSessions: count(env, 'PILOTTY_MAX_SESSIONS', DEFAULT_MAX_SESSIONS, MOST_SESSIONS),
    logLevel: logLevel(env),
    redact: env.PILOTTY_REDACT || undefined,
  };
}

type Environment = Readonly<Record<string, string | undefined>>;

function duration(env: Environment, name: string, otherwise: number): number {
  const text = env[name];
  if (!text) return otherwise;
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text) ?? [];
  const factor = { ms: 1, s: 1000, m: MINUTE_MS, h: 60 * MINUTE_MS }[unit ?? 'ms'] ?? 1;
  const ms = Number(number) * factor;
  if (!(ms <= 2_147_483_647)) throw invalid(name, text, "a duration such as '300000', '90s' or '5m'");
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
