/**
 * What a session needs of a person, judged from the daemon's facts: it asks, it has failed, it has finished, or nothing.
 * Only a session that is still can need anything: whatever prints is at work. A hand-over, and a program that asks a person for
 * a secret, ask in words.
 */
import type { Answer, Question } from '@pilotty/terminal/question';
import type { Exit, Session } from './session.ts';

/** Most urgent first. */
export const LEVELS = ['asks', 'failed', 'finished', 'quiet'] as const;
export type Level = (typeof LEVELS)[number];

export type Reason =
  | 'hand-over'
  | 'state'
  | 'secret'
  | 'question'
  | 'password'
  | 'notification'
  | 'bell'
  | 'exit'
  | 'command'
  | 'progress';

export interface Attention {
  level: Level;
  reason: Reason | undefined;
  /** Milliseconds since 1970, by the clock of this browser. */
  since: number;
  lines: readonly string[];
  answers: readonly Answer[];
  /** Of the screen that the answers were read from: they are for no other. */
  revision: number | undefined;
}

export interface Occurrence {
  at: number;
  lines: readonly string[];
}

export interface Doing extends Occurrence {
  name: NonNullable<Session['work_state']>['name'];
  /** The program, or a hook of it, has said so. */
  isSaid: boolean;
}

export interface AttentionFacts {
  state: 'running' | 'exited';
  exit?: Exit | undefined;
  /** No output and no input for a second. */
  isStill: boolean;
  /** The last output or input. */
  lastActive: number;
  /** A line is read with echo off. */
  asksPassword: boolean;
  isAtPrompt: boolean;
  question: Question | undefined;
  lines: readonly string[];
  revision: number | undefined;
  hasFailedProgress: boolean;
  /** A client hands the keyboard to a person, and none has taken it up. */
  handOver?: Occurrence | undefined;
  /** What the daemon says that it is doing. */
  doing?: Doing | undefined;
  /** A program asks a person for a secret, by its askpass program. */
  secret?: Occurrence | undefined;
  /** Since the last input, and not as an answer to it. */
  bell?: Occurrence | undefined;
  notification?: Occurrence | undefined;
  /** The last command of a shell that was long enough to be waited for. */
  command?: (Occurrence & { exitCode: number | null }) | undefined;
}

const QUIET: Omit<Attention, 'since'> = {
  level: 'quiet',
  reason: undefined,
  lines: [],
  answers: [],
  revision: undefined,
};

export function attentionOf(facts: AttentionFacts): Attention {
  const { state, isStill, handOver, secret, lastActive: since, revision } = facts;
  if (state === 'exited') return ofExit(facts);
  // Said in words, whatever the program does meanwhile.
  if (handOver !== undefined)
    return { level: 'asks', reason: 'hand-over', answers: [], revision, ...times(handOver) };
  if (secret !== undefined)
    return { level: 'asks', reason: 'secret', answers: [], revision, ...times(secret) };
  const said = ofState(facts);
  if (said !== undefined) return said;
  if (!isStill) return { ...QUIET, since };
  return ofQuestion(facts) ?? ofCall(facts) ?? ofWork(facts) ?? { ...QUIET, since };
}

/** Whoever ended it, knows that it ended. */
function ofExit({ exit, lastActive: since, lines }: AttentionFacts): Attention {
  if (exit === undefined || exit.killed_by_client) return { ...QUIET, since };
  return { ...QUIET, level: exit.success ? 'finished' : 'failed', reason: 'exit', since, lines };
}

const LEVEL_OF: Partial<Record<Doing['name'], Level>> = {
  asking: 'asks',
  failed: 'failed',
  done: 'finished',
};

/** What it has said counts, and a question that the daemon has seen while something is drawn beside it. */
function ofState({ doing, isStill, revision }: AttentionFacts): Attention | undefined {
  if (doing === undefined) return undefined;
  if (!doing.isSaid && (doing.name !== 'asking' || isStill)) return undefined;
  const level = LEVEL_OF[doing.name];
  if (level === undefined) return { ...QUIET, since: doing.at };
  return { level, reason: 'state', answers: [], revision, ...times(doing) };
}

function ofQuestion(facts: AttentionFacts): Attention | undefined {
  const { asksPassword, isAtPrompt, question, lines, lastActive: since, revision } = facts;
  if (asksPassword) {
    return { level: 'asks', reason: 'password', since, lines: lines.slice(-2), answers: [], revision };
  }
  if (question === undefined || isAtPrompt) return undefined;
  return { level: 'asks', reason: 'question', since, revision, ...question };
}

function ofCall({ notification, bell, revision }: AttentionFacts): Attention | undefined {
  const asks = { level: 'asks', answers: [], revision } as const;
  if (notification !== undefined) return { ...asks, reason: 'notification', ...times(notification) };
  if (bell !== undefined) return { ...asks, reason: 'bell', ...times(bell) };
  return undefined;
}

function ofWork({ hasFailedProgress, command, lastActive, lines }: AttentionFacts): Attention | undefined {
  if (hasFailedProgress) return { ...QUIET, level: 'failed', reason: 'progress', since: lastActive, lines };
  if (command === undefined) return undefined;
  const level = (command.exitCode ?? 0) === 0 ? 'finished' : 'failed';
  return { ...QUIET, level, reason: 'command', ...times(command) };
}

function times({ at, lines }: Occurrence): { since: number; lines: readonly string[] } {
  return { since: at, lines };
}

/** Most urgent first; of those that ask, the one that has waited longest; of the others, the newest. */
export function byUrgency(one: Attention, other: Attention): number {
  const level = LEVELS.indexOf(one.level) - LEVELS.indexOf(other.level);
  if (level !== 0) return level;
  if (one.level !== 'asks') return other.since - one.since;
  const isCall = ({ reason }: Attention) => Number(reason === 'bell' || reason === 'notification');
  return isCall(one) - isCall(other) || one.since - other.since;
}
