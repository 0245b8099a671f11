/** What can be waited for, as options: bare on `wait`, with 'wait-' before them on a command that acts or looks. */
import type { Params } from '@pilotty/client';
import {
  deadline,
  flag,
  type Given,
  grouped,
  integerFrom,
  list,
  nonEmpty,
  type Option,
  type Options,
  oneOf,
  restTime,
  value,
} from './command.ts';
import { UsageError } from './usage-error.ts';

const cell = integerFrom(0, 999);
export const workState = oneOf('working', 'asking', 'done', 'failed', 'idle');

/** Each is an option of `wait`, and with 'wait-' before it of the commands that act or look. */
export const conditions = {
  text: list('TEXT', nonEmpty, 'the screen shows TEXT, or it has scrolled by since the last input'),
  regex: list('RE', nonEmpty, 'the same for a match of a regular expression (RE2)'),
  gone: list('TEXT', nonEmpty, 'the screen does not show TEXT'),
  'gone-regex': list('RE', nonEmpty, 'the screen has no match of RE'),
  settle: value('TIME', restTime, 'the screen has not changed for TIME'),
  idle: value('TIME', restTime, 'there was no output and no input for TIME'),
  exit: flag('the program has ended'),
  prompt: flag('a shell or REPL is at its prompt'),
  reads: flag('the program has read the last input and waits for more'),
  password: flag('the program asks for a password: the terminal does not echo'),
  cursor: value('ROW,COL', place, 'the cursor is there; COL may be left out'),
  title: value('TEXT', nonEmpty, 'the title contains TEXT'),
  bell: flag('the bell has rung since the last input'),
  'command-finished': flag('a shell with integration has finished a command since the last input'),
  state: list('STATE', workState, 'its program is working, asking, done, failed or idle; of several, one'),
};

const any = flag('one of the conditions is enough (default: all of them at the same time)');
const onlyNew = flag(
  'ignore text that was on the screen before the last input; the echo of input never counts',
);

/** Of a program without a terminal. */
export const stream = oneOf('stdout', 'stderr');

/** Of `wait`. */
export const conditionOptions = {
  ...conditions,
  any,
  change: value('HASH', hash, 'the screen differs from this content_hash or revision'),
  new: onlyNew,
  stream: value('STREAM', stream, 'of a session of spawn --pipe: text and regex on stdout or stderr only'),
};

/** `pilotty help wait-options` describes what the help of each command only names. */
export const WAIT_TOPIC = 'wait-options';

type Prefixed<O> = { [K in keyof O & string as `wait-${K}`]: O[K] };

function prefixed<O extends Options>(options: O): Prefixed<O> {
  const entries = Object.entries<Option<unknown>>(options).map(([name, option]) => [`wait-${name}`, option]);
  return Object.fromEntries(entries) as Prefixed<O>;
}

const together = {
  'wait-any': any,
  'wait-new': onlyNew,
  'wait-timeout': value(
    'TIME',
    deadline,
    'time limit (default: 30s); then exit with 3, or with 4 if the program ended first',
  ),
};

/** Of commands that act. */
export const afterwardsOptions = grouped(
  'Then wait until',
  {
    ...prefixed({ ...conditions, change: flag('the screen has changed since before the input') }),
    ...together,
  },
  WAIT_TOPIC,
);

/** Of commands that only look. */
export const waitFirstOptions = grouped(
  'First wait until',
  { ...prefixed(conditions), ...together },
  WAIT_TOPIC,
);

type Conditions = Partial<Given<Record<never, never>, typeof conditions>> & { any?: boolean };

/** The parameters of a wait; undefined where none of its options was given. */
export function waitOf(
  given: Partial<Given<Record<never, never>, typeof afterwardsOptions & typeof waitFirstOptions>>,
): Params<'session.key'>['wait'] {
  const conditions = conditionsOf(given, 'wait-');
  const change = given['wait-change'] || undefined;
  if (change || isWait(conditions)) {
    return { ...conditions, change, new: given['wait-new'] || undefined, timeout_ms: given['wait-timeout'] };
  }
  const loose = LOOSE.find((name) => given[name]);
  if (loose === undefined) return undefined;
  throw new UsageError(
    `--${loose} needs something to wait for`,
    'Such as --wait-text TEXT or --wait-settle 100ms.',
  );
}

/** What says how to wait, and not for what. */
const LOOSE = ['wait-any', 'wait-new', 'wait-timeout'] as const;

/** The conditions by the protocol's names; what was not given is undefined. */
export function conditionsOf(
  given: object,
  prefix: '' | 'wait-',
): NonNullable<Params<'session.key'>['wait']> {
  const of = (name: keyof Conditions) => (given as Record<string, unknown>)[prefix + name] as never;
  return {
    text: several(of('text')),
    regex: several(of('regex')),
    gone: several(of('gone')),
    gone_regex: several(of('gone-regex')),
    settle_ms: of('settle'),
    idle_ms: of('idle'),
    exit: of('exit') || undefined,
    prompt: of('prompt') || undefined,
    reads: of('reads') || undefined,
    password: of('password') || undefined,
    cursor: of('cursor'),
    title: of('title'),
    bell: of('bell') || undefined,
    command_finished: of('command-finished') || undefined,
    state: several(of('state')),
    any: of('any') || undefined,
  };
}

export function isWait({ any, ...conditions }: Record<string, unknown>): boolean {
  return Object.values(conditions).some((condition) => condition !== undefined);
}

/** 0: the condition is met; 3: the deadline passed; 4: the program ended first. */
export function waitExitCode({ holds, outcome }: { holds: boolean; outcome: string }): number {
  if (holds) return 0;
  return outcome === 'exited' ? 4 : 3;
}

/** A list that was not given is no parameter. */
export function several<T>(given: T[] | undefined): T[] | undefined {
  return given === undefined || given.length === 0 ? undefined : given;
}

function place(given: string): { row: number; col?: number } {
  const [, row, col] = /^(\d+)(?:,(\d+))?$/.exec(given) ?? [];
  if (row === undefined) throw new UsageError(`is '${given}', and must be ROW,COL, such as 4,10`);
  return { row: cell(row), ...(col !== undefined && { col: cell(col) }) };
}

function hash(given: string): number {
  if (!/^\d{1,16}$/.test(given))
    throw new UsageError(`is '${given}', and must be a content_hash or revision`);
  return Number(given);
}
