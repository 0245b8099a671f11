/**
 * Starting a program as if another process were its parent: with that process's umask, nice value and limits.
 *
 * The umask is set around the fork, which does not return to the event loop in between. Limits cannot be set for
 * another process without a program: prlimit(1), of util-linux, becomes the program once it has set them, so that
 * pid and arguments are the program's own. Without it, as on macOS, the limits are the daemon's. nice(1) does the same
 * for the nice value: set from here after the fork, it would come after the program's first steps.
 */
import fs from 'node:fs';
import os from 'node:os';
import {
  type LimitName,
  lowerLimit,
  type ParsedParams,
  type ProcessLimits,
  parseLimits,
} from '@pilotty/protocol';

/** What is left out is the daemon's. */
export type Inheritance = Pick<ParsedParams<'session.spawn'>, 'umask' | 'nice' | 'limits'>;
type Limits = NonNullable<Inheritance['limits']>;

const PRLIMIT = ['/usr/bin/prlimit', '/bin/prlimit'];
const NICE = ['/usr/bin/nice', '/bin/nice'];

const present = (places: readonly string[]) => places.find((path) => fs.existsSync(path));

/** The words to start instead: the program itself where it is to have what the daemon has. */
export function launching(
  argv: readonly [string, ...string[]],
  { limits, nice }: Inheritance,
): readonly [string, ...string[]] {
  return withLimits(withNice(argv, nice), limits);
}

/** A daemon with less priority than the asker cannot give it back, unless it is root's. */
function withNice(
  argv: readonly [string, ...string[]],
  nice: number | undefined,
): readonly [string, ...string[]] {
  const more = (nice ?? os.getPriority()) - os.getPriority();
  const isPermitted = more > 0 || (more < 0 && process.getuid?.() === 0);
  const program = isPermitted ? present(NICE) : undefined;
  return program === undefined ? argv : [program, '-n', String(more), '--', ...argv];
}

function withLimits(
  argv: readonly [string, ...string[]],
  limits: Limits | undefined,
): readonly [string, ...string[]] {
  if (limits === undefined) return argv;
  const options = Object.entries(limits).flatMap(([name, limit]) => {
    const mine = ownLimits()[name as LimitName];
    if (mine === undefined || limit === undefined) return [];
    const { soft, hard } = limit;
    // Only root may raise a hard limit, and the daemon that was started with less has no more to give.
    const most = lowerLimit(hard, mine.hard);
    const wanted = { soft: lowerLimit(soft, most), hard: most };
    const isSame = wanted.soft === mine.soft && wanted.hard === mine.hard;
    return isSame ? [] : [`--${name}=${word(wanted.soft)}:${word(wanted.hard)}`];
  });
  const program = options.length === 0 ? undefined : present(PRLIMIT);
  return program === undefined ? argv : [program, ...options, '--', ...argv];
}

/** Whether a process with these arguments is still on its way to be the program. */
export function isLauncher(words: readonly string[]): boolean {
  const [file] = words;
  return file !== undefined && [...PRLIMIT, ...NICE].includes(file) && words.includes('--');
}

/** Files that other threads make meanwhile have their mode given, which a umask only narrows. */
export function withUmask<T>(umask: number | undefined, fork: () => T): T {
  if (umask === undefined) return fork();
  const own = process.umask(umask);
  try {
    return fork();
  } finally {
    process.umask(own);
  }
}

let own: ProcessLimits | undefined;

/** Of the daemon, which never changes them. */
function ownLimits(): ProcessLimits {
  own ??= readOwnLimits();
  return own;
}

function readOwnLimits(): ProcessLimits {
  try {
    return parseLimits(fs.readFileSync('/proc/self/limits', 'utf8'));
  } catch {
    // No Linux: nothing is known, and so nothing is changed.
    return {};
  }
}

function word(amount: number | null): string {
  return amount === null ? 'unlimited' : String(amount);
}
