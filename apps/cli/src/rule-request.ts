/** The request that makes a rule, of the options of `pilotty on`. */
import { resolve } from 'node:path';
import { type Params, ruleEnvironment } from '@pilotty/client';
import { requireDecoded } from '@pilotty/client/node';
import type { Given, Program } from './command.ts';
import type { Io } from './io.ts';
import { ruleOptions } from './rule-options.ts';
import { manyOf } from './selector.ts';
import { type Around, changesOf, surroundingsOf } from './spawn-request.ts';
import { UsageError } from './usage-error.ts';
import { conditionsOf, isWait, several } from './wait-options.ts';

type RuleGiven = Given<{ program: never }, typeof ruleOptions> & { program: Program };

export async function ruleParams(given: RuleGiven, io: Io): Promise<Params<'rules.add'>> {
  const { any: _any, ...conditions } = conditionsOf(given, '');
  if (!isWait(conditions)) throw needsCondition(given.program.words);
  const around = await surroundingsOf(io);
  const run = commandOf(given);
  const env = run || given.notify ? await environmentOf(given.env, around, io) : undefined;
  return {
    ...sessionsOf(given, io),
    ...conditions,
    all: given.all || undefined,
    ...repeatOf(given),
    ended: given['only-met'] ? false : undefined,
    run,
    input: inputOf(given),
    post: await postOf(given, around, io),
    notify: given.notify || undefined,
    ...(env && { env, cwd: around.cwd }),
    ephemeral: given.ephemeral || undefined,
  };
}

/** @param words of the command that it is to run, which options after it are arguments of */
function needsCondition(words: readonly string[]): UsageError {
  const option = words
    .slice(1)
    .find((word) => Object.hasOwn(ruleOptions, /^--([^=]+)/.exec(word)?.[1] ?? ''));
  if (option === undefined)
    return new UsageError('a rule needs a condition', 'Such as --text TEXT, --idle 2m or --exit.');
  return new UsageError(
    `a rule needs a condition, and '${option}' is an argument of the command '${words[0]}' that it is to run`,
    `Put options first, and name a session with -s: pilotty on -s NAME ${option} ….`,
  );
}

function sessionsOf(given: RuleGiven, io: Io): ReturnType<typeof manyOf> {
  const which = manyOf(given);
  if (which.sessions !== undefined || which.tags !== undefined) return which;
  const own = io.env.PILOTTY_SESSION;
  if (own) return { sessions: [own] };
  throw new UsageError('a rule needs sessions', "Give -s NAME, -s 'build-*', -s '*' or --tag TAG.");
}

function repeatOf({ once, each, every }: RuleGiven): Pick<Params<'rules.add'>, 'repeat' | 'every_ms'> {
  if ([once, each, every !== undefined].filter(Boolean).length > 1)
    throw new UsageError('give one of --once, --each and --every');
  return each || every !== undefined ? { repeat: 'each', every_ms: every } : {};
}

function commandOf({
  do: line,
  program: { words },
  'do-timeout': timeout_ms,
}: RuleGiven): Params<'rules.add'>['run'] {
  if (line !== undefined && words.length > 0)
    throw new UsageError('--do cannot be combined with a command after the options');
  if (line === undefined && words.length === 0) {
    if (timeout_ms !== undefined) throw new UsageError('--do-timeout needs --do');
    return undefined;
  }
  return { argv: line === undefined ? words : ['/bin/sh', '-c', line], timeout_ms };
}

function inputOf(given: RuleGiven): Params<'rules.add'>['input'] {
  const { type, key, into: session, 'if-text': shown, 'if-gone': gone } = given;
  const parts = [...type.map((text) => ({ text })), ...key.map((keys) => ({ key: keys }))];
  const isGuarded = shown.length > 0 || gone.length > 0;
  if (parts.length === 0) {
    if (isGuarded || session !== undefined)
      throw new UsageError('--into, --if-text and --if-gone need --type or --key');
    return undefined;
  }
  return {
    session,
    parts,
    only_if: isGuarded ? { text: several(shown), gone: several(gone) } : undefined,
  };
}

async function postOf(
  { post: url, sign }: RuleGiven,
  around: Around,
  io: Io,
): Promise<Params<'rules.add'>['post']> {
  if (url === undefined) {
    if (sign !== undefined) throw new UsageError('--sign needs --post');
    return undefined;
  }
  if (sign === undefined) return { url };
  const [, kind, name = ''] = /^(env|file):(.+)$/s.exec(sign) ?? [];
  // The value given is not repeated: it may be the secret itself.
  if (kind === undefined) throw new UsageError('--sign must be env:NAME or file:PATH');
  if (kind === 'file') return { url, secret_file: resolve(around.cwd, name) };
  const secret = io.env[name];
  if (!secret) throw new UsageError(`--sign env:${name}: that variable is not set`);
  await requireDecoded(io, { variables: [name] });
  return { url, secret };
}

async function environmentOf(
  changes: readonly string[],
  around: Around,
  io: Io,
): Promise<Record<string, string>> {
  const env = ruleEnvironment(around.env);
  // Relative, it would name another directory wherever the command goes.
  if (env.PILOTTY_SOCKET_DIR) env.PILOTTY_SOCKET_DIR = resolve(around.cwd, env.PILOTTY_SOCKET_DIR);
  Object.assign(env, changesOf(changes, around));
  if (io.surroundings === undefined)
    await requireDecoded(io, {
      variables: Object.keys(env).filter((key) => env[key] === io.env[key]),
      directory: io.cwd,
    });
  return env;
}
