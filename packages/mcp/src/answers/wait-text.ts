/** How a wait ended, in a line or two; and how it goes on where it has not. */
import type { Result } from '@pilotty/client';
import { type Answer, exitText, facts, printed, took } from './answer.ts';
import { inToolWords } from './tool-words.ts';

type Wait = NonNullable<Result<'session.key'>['wait']>;

interface Asked {
  regex?: unknown;
  /** The deadline was ours, and not the one that was asked for. */
  wasCut: boolean;
}

export function waitAnswer(wait: Wait, { regex, wasCut }: Asked): Answer {
  const { outcome, missing, match, exit, note, resume, command_finished: command, work_state } = wait;
  if (wait.holds) {
    const ended = exit === undefined ? '' : `, ${exitText(exit)}`;
    const ran = command === undefined ? '' : `, command ${command.number}: exit code ${command.exit_code}`;
    return [
      ...facts(`outcome: ${outcome}${took(wait.duration_ms)}${ended}${ran}`),
      ...(work_state === undefined ? [] : stateAnswer(work_state)),
      // A text that was asked for is seen in the screen.
      ...(match !== undefined && (regex !== undefined || match.old) ? printed(matchText(match)) : []),
    ];
  }
  const words = wasCut && outcome === 'deadline' ? 'still_waiting' : outcome;
  return [
    ...facts(
      `outcome: ${words}, not met: ${missing.join(', ')}`,
      exit && `the program has ended: ${exitText(exit)}`,
    ),
    // It quotes what the screen shows.
    ...(note === undefined ? [] : printed(inToolWords(wasCut ? goesOn(note) : note))),
    ...(resume === undefined ? [] : facts(goOn('wait', resume))),
  ];
}

/** The text is the program's. */
export function stateAnswer({ name, why, text }: NonNullable<Wait['work_state']>): Answer {
  return [...facts(`state: ${name} (${why})`), ...(text === undefined ? [] : printed(text))];
}

/** It has not timed out for the one who asked. */
function goesOn(note: string): string {
  return note.replace(/^Timed out after (\d+) ms waiting for/, 'After $1 ms still waiting for');
}

export function matchText({ text, row, groups, old }: NonNullable<Wait['match']>): string {
  const captured = groups.length === 0 ? '' : `, groups ${JSON.stringify(groups)}`;
  const where = row === null ? ', which is no longer on the screen' : ` at row ${row}`;
  return `found ${JSON.stringify(text)}${where}${captured}${old ? ', where it stood before' : ''}`;
}

export function goOn(tool: 'wait' | 'wait_many', resume: number): string {
  return `the wait goes on, and nothing is missed: ${tool} {"resume":${resume}}`;
}
