/** What a session is doing, in words, from what the daemon knows of it (docs/work-states.md). */
import { type Exit, plainSentence, type Result } from '@pilotty/client';

type Status = Pick<Result<'session.status'>, 'foreground' | 'shell' | 'work_state'>;

/** Those that want something from a person first; as `is:` of the filter names them. */
export const kinds = [
  'asks',
  'waiting',
  'failed',
  'unreachable',
  'stopped',
  'running',
  'prompt',
  'ended',
] as const;
export type Kind = (typeof kinds)[number];

export interface State {
  kind: Kind;
  words: string;
  /** For a narrow tile. */
  short: string;
}

/** What is known of a program that runs. */
export interface Facts {
  doing: Status['work_state'];
  isAtPrompt: boolean;
  isStopped: boolean;
}

/** What waits for several things at once waits for input only if it draws nothing for so long; as the daemon has it. */
export const POLLING_QUIET_MS = 4_000;

const WAITING: State = { kind: 'waiting', words: 'waiting for input', short: 'waiting' };
/** What it does is not known, nor whether it still does. */
export const UNREACHABLE: State = {
  kind: 'unreachable',
  words: 'its host does not answer',
  short: 'no answer',
};
const RUNNING: State = { kind: 'running', words: 'running', short: 'running' };

export function factsOf({ foreground, shell, work_state }: Status): Facts {
  return {
    doing: work_state,
    isAtPrompt: shell.at_prompt ?? false,
    isStopped: foreground?.state === 'stopped',
  };
}

/** @param quietMs since its screen changed */
export function stateOf(exit: Exit | undefined, facts: Facts | undefined, quietMs: number): State {
  if (exit !== undefined) return endOf(exit);
  const { doing, isAtPrompt = false, isStopped = false } = facts ?? {};
  if (isStopped) return { kind: 'stopped', words: 'stopped', short: 'stopped' };
  if (doing?.name === 'asking') return askingOf(doing);
  if (isAtPrompt && doing?.why !== 'set') return { kind: 'prompt', words: 'at its prompt', short: 'prompt' };
  switch (doing?.name) {
    case 'failed':
      return { kind: 'failed', words: withText('failed', doing.text), short: 'failed' };
    case 'done':
      // A bell is shown beside it.
      if (doing.why === 'bell') return WAITING;
      return { kind: 'waiting', words: withText('done', doing.text), short: 'done' };
    case 'idle':
      // It may have drawn since it was asked.
      if (doing.why === 'quiet' && quietMs < POLLING_QUIET_MS) return RUNNING;
      return WAITING;
    default:
      return RUNNING;
  }
}

function askingOf({ why, text }: NonNullable<Facts['doing']>): State {
  if (why === 'password') return { kind: 'asks', words: 'asks for a password', short: 'password' };
  return { kind: 'asks', words: withText('asks', text), short: 'asks' };
}

/** The last line, which is the question where it is one. */
function withText(word: string, text: string | undefined): string {
  const line = text?.split('\n').at(-1) ?? '';
  return line === '' ? word : `${word}: ${plainSentence(line)}`;
}

/** A session that a client has ended has not failed. */
function endOf({ success, signal, exit_code, killed_by_client }: Exit): State {
  const kind = success || killed_by_client ? 'ended' : 'failed';
  if (signal !== null) return { kind, words: `ended by ${signal}`, short: signal };
  return { kind, words: `ended, exit code ${exit_code}`, short: `exit ${exit_code}` };
}
