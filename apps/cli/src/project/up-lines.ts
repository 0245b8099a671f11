/** What `up` and `down` have done, as lines for people. */
import { plainSentence } from '@pilotty/client';
import type { DownResult, Plan, UpOutcome, UpResult } from '@pilotty/project';
import { stateOf } from '../readable-sessions.ts';

const ACTIONS: Readonly<Record<UpOutcome['action'], string>> = {
  created: 'created',
  started: 'started again',
  recreated: 'recreated',
  up_to_date: 'up to date',
  completed: 'completed before',
  none: 'not started',
};

export function upLine(outcome: UpOutcome): string {
  const { key, action, because, state, error, screen_lines = [], duration_ms } = outcome;
  const why =
    because === undefined
      ? ''
      : ` (${because.includes('asked') ? 'as asked' : `${because.join(', ')} changed`})`;
  const words = `${key}: ${ACTIONS[action]}${why}`;
  if (error !== undefined) {
    const lines = screen_lines.map((line) => `    | ${line}`);
    return plainLines([`${words}, ${state}: ${error.message}`, ...lines]);
  }
  const after = `after ${(duration_ms / 1000).toFixed(1)} s`;
  const stand = {
    ready: `, ready ${after}`,
    completed: action === 'completed' ? '' : `, completed ${after}`,
  }[state as string];
  return plainLines([
    `${words}${stand ?? (state === 'restarting' ? ', ended and to be started again' : '')}`,
  ]);
}

export function planLines({ steps, orphans }: Plan): string {
  const lines = steps.map(({ session, action, because }) =>
    upLine({
      key: session.key,
      session: session.name,
      action,
      ...(because && { because }),
      state: 'started',
      duration_ms: 0,
    }).trimEnd(),
  );
  return plainLines([...lines, ...orphans.map(({ name }) => orphanLine(name))]);
}

export function orphanLines({ orphans, removed }: UpResult): string {
  const ended = removed.map(({ session }) => `${session}: ended, it was not in the file any more`);
  return plainLines([...ended, ...orphans.map(({ session }) => orphanLine(session))]);
}

function orphanLine(name: string): string {
  return `${name}: runs, and is not in the file any more; '--remove-orphans' ends it`;
}

export function downLines({ project, sessions }: DownResult): string {
  if (sessions.length === 0) return plainLines([`nothing of '${project}' runs`]);
  return plainLines(
    sessions.map(({ key, ok, exit, error }) =>
      ok ? `${key}: ${stateOf({ exit })}` : `${key}: not ended: ${error?.message ?? 'unknown'}`,
    ),
  );
}

/** Names and screens are those of others: no sequence of theirs reaches the terminal. */
function plainLines(lines: readonly string[]): string {
  return lines.map((line) => `${plainSentence(line)}\n`).join('');
}
