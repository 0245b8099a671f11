/** What `spawn` and `run` have in common: the options before a program, and the request they make with it. */
import { resolve } from 'node:path';
import { callerEnvironment, type Params } from '@pilotty/client';
import { requireDecoded } from '@pilotty/client/node';
import {
  flag,
  type Given,
  integer,
  integerFrom,
  lifetime,
  list,
  nonEmpty,
  type Options,
  type Program,
  size,
  text,
  value,
} from './command.ts';
import type { Io } from './io.ts';
import { recordingOptions, recordParam } from './recording-options.ts';
import { findTerminfo, hasTerminfo } from './terminfo.ts';
import { UsageError } from './usage-error.ts';

export const spawnOptions = {
  name: value(
    'NAME',
    text,
    'what to call the session, 1 to 64 letters, digits or ._- (others become -); may also be the last words',
  ),
  cwd: value('DIR', text, 'working directory (default: the current one; with -H: the home directory there)'),
  in: value(
    'PLACE',
    nonEmpty,
    'run it in a container: docker:NAME, podman:NAME, kubectl:POD[/CONTAINER][@NAMESPACE] or nsenter:PID; --cwd and --env are in there then',
  ),
  size: value('COLSxROWS', size, 'size of the terminal (default: 80x24)'),
  env: list('K=V', text, 'set a variable; K alone keeps that one in spite of --clean-env'),
  'clean-env': flag('start with HOME, PATH, USER, LOGNAME, SHELL, LANG, LC_*, TZ and TMPDIR only'),
  term: value('TERM', nonEmpty, 'terminal type (default: xterm-256color)'),
  tag: list('TAG', text, 'a tag to find the session by'),
  scrollback: value('LINES', integer, 'lines of scrollback retained (default: 1000)'),
  'retain-bytes': value('N', integer, 'bytes of output retained (default: $PILOTTY_RETAIN_BYTES)'),
  'no-integration': flag('do not make a shell emit marks: then no commands, no output --cmd'),
  ttl: value('TIME', lifetime, 'end it after TIME'),
  'idle-ttl': value('TIME', lifetime, 'end it after TIME without output and input'),
  askpass: flag('sudo -A, ssh and git ask a person for passwords: see pilotty help answer'),
  ephemeral: flag("keep nothing of it on disk for 'pilotty restore'"),
  ...recordingOptions,
  'owner-pid': value('PID', integerFrom(1, 2_147_483_647), 'end it when this process exits'),
};

export type SpawnGiven = Given<{ program: never }, typeof spawnOptions> & { program: Program };

/** @param takesTrailingName whether `--name NAME` may be the last two words */
export async function spawnRequest(
  given: SpawnGiven,
  io: Io,
  takesTrailingName: boolean,
): Promise<Params<'session.spawn'>> {
  const { name, argv } = takesTrailingName
    ? splitTrailingName(given.program, given.name)
    : { name: given.name, argv: given.program.words };
  if (io.surroundings !== undefined && given['owner-pid'] !== undefined)
    throw new UsageError('--owner-pid is a process of this host, and the session would be on another');
  const record = recordParam(given, io);
  const around = await surroundingsOf(io, name);
  const isInside = given.in !== undefined;
  if (isInside && given['clean-env'])
    throw new UsageError('--clean-env: a program in a container has nothing of the environment here');
  const env = environment(given['clean-env'], isInside ? [] : given.env, around);
  const cwd = resolve(around.cwd, isInside ? '' : (given.cwd ?? ''));
  if (io.surroundings === undefined) {
    await requireDecoded(io, {
      // One that was given another value here is as it was given.
      variables: Object.keys(env)
        .filter((key) => env[key] === io.env[key])
        .concat(argv.length === 0 ? 'SHELL' : []),
      directory: !isInside && given.cwd?.startsWith('/') ? undefined : io.cwd,
    });
    if (!isInside) requireTerminfo(given.term, env);
  }
  return {
    argv: argv.length > 0 ? argv : isInside ? ['sh'] : [around.env.SHELL || '/bin/sh', '-l'],
    in:
      given.in === undefined
        ? undefined
        : { place: given.in, cwd: given.cwd, env: changesOf(given.env, around) },
    name,
    preferred_name: io.env.PILOTTY_SESSION || undefined,
    cwd,
    env,
    ...around.inheritance,
    size: given.size,
    term: given.term,
    tags: given.tag,
    scrollback: given.scrollback,
    retain_bytes: given['retain-bytes'] ?? retainBytesOf(io),
    shell_integration: given['no-integration'] ? false : undefined,
    ttl_ms: given.ttl,
    idle_ttl_ms: given['idle-ttl'],
    owner_pid: given['owner-pid'],
    askpass: given.askpass || undefined,
    ephemeral: given.ephemeral || undefined,
    record,
  };
}

export interface Around {
  env: Io['env'];
  cwd: string;
  inheritance: Awaited<ReturnType<Io['inheritance']>>;
}

/** What a program has of the command that starts it; on another host, of a shell there. */
export async function surroundingsOf(io: Io, name?: string): Promise<Around> {
  if (io.surroundings === undefined) return { env: io.env, cwd: io.cwd, inheritance: await io.inheritance() };
  const { env, home, ...inheritance } = await io.surroundings(name);
  return { env, cwd: home, inheritance };
}

/**
 * What was read otherwise than it may have been meant: an option of ours behind the program, which is the program's.
 * After `--` everything is as it was meant.
 */
export function misplacedNote(
  given: SpawnGiven,
  known: Options,
  takesTrailingName: boolean,
): string | undefined {
  const { isVerbatim, words } = given.program;
  if (isVerbatim || words.includes('--')) return undefined;
  const argv = takesTrailingName ? splitTrailingName(given.program, given.name).argv : words;
  const [program = ''] = argv;
  const ours = argv.slice(1).filter((word) => Object.hasOwn(known, /^--([a-z-]+)/.exec(word)?.[1] ?? ''));
  if (ours.length === 0) return undefined;
  return `${ours.join(', ')} went to ${program}: options of pilotty come before the program; put '--' before it to pass them on purpose`;
}

/**
 * `spawn htop --name monitoring`, or `--name=monitoring`: the last words, unless a name came first or `--` made every
 * word the program's.
 */
function splitTrailingName(
  { words, isVerbatim }: Program,
  name: string | undefined,
): { name: string | undefined; argv: string[] } {
  if (name !== undefined || isVerbatim || words.includes('--')) return { name, argv: words };
  const last = words.at(-1) ?? '';
  if (words.length > 1 && last.startsWith('--name=') && last !== '--name=')
    return { name: last.slice('--name='.length), argv: words.slice(0, -1) };
  if (words.length > 2 && words.at(-2) === '--name') return { name: last, argv: words.slice(0, -2) };
  return { name, argv: words };
}

function requireTerminfo(term: string | undefined, env: Readonly<Record<string, string>>): void {
  if (term === undefined || findTerminfo(term, env) !== undefined || !hasTerminfo(env)) return;
  throw new UsageError(
    `--term is '${term}', which has no terminfo entry`,
    "'toe -a' lists the installed entries; ncurses-term has more.",
  );
}

function retainBytesOf(io: Io): number | undefined {
  const set = io.env.PILOTTY_RETAIN_BYTES;
  if (!set) return undefined;
  try {
    return integer(set);
  } catch (error) {
    throw new UsageError(`PILOTTY_RETAIN_BYTES ${(error as Error).message}`);
  }
}

const CLEAN = new Set(['HOME', 'PATH', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'TZ', 'TMPDIR']);

function environment(
  isClean: boolean,
  changes: readonly string[],
  around: Pick<Around, 'env' | 'cwd'>,
): Record<string, string> {
  const inherited = Object.entries(callerEnvironment(around.env));
  const kept = isClean ? inherited.filter(([key]) => CLEAN.has(key) || key.startsWith('LC_')) : inherited;
  const env = Object.fromEntries(kept);
  // Relative, it would name another directory wherever the program goes.
  if (env.PILOTTY_SOCKET_DIR) env.PILOTTY_SOCKET_DIR = resolve(around.cwd, env.PILOTTY_SOCKET_DIR);
  return { ...env, ...changesOf(changes, around) };
}

/** What --env says. */
export function changesOf(changes: readonly string[], around: Pick<Around, 'env'>): Record<string, string> {
  const env: Record<string, string> = {};
  for (const change of changes) {
    const [, key, given] = /^([^=]+)(?:=(.*))?$/s.exec(change) ?? [];
    if (key === undefined) throw new UsageError(`--env is '${change}', but must be NAME=VALUE or NAME`);
    const content = given ?? around.env[key];
    if (content === undefined) throw new UsageError(`--env ${key}: that variable is not set here`);
    env[key] = content;
  }
  return env;
}
