/**
 * The inputs of a journal as the steps of a script: what a person typed key by key is one text again, as far as nothing
 * but that text came of it; and each step has the screen it found, and the one it led to.
 */
import type { InputJournal, SentInput } from '../input/journal.ts';
import type { Look } from '../input/look.ts';
import { type Evidence, evidenceOf } from './evidence.ts';

export type Part = { text: string } | { key: string } | { word: string };

/** What a step does. */
export type Action =
  | { parts: readonly Part[] }
  | { hidden: true; enter: boolean }
  | { method: string; params: Readonly<Record<string, unknown>> };

export interface Step {
  readonly action: Action;
  readonly isSubmitted: boolean;
  readonly before: Look;
  readonly after: Look;
  /** The program ended by itself after it. */
  readonly isLast: boolean;
}

/** @param last the screen now, or the last one */
export function stepsOf(journal: InputJournal, last: Look, hasEnded: boolean): Step[] {
  const steps: Step[] = [];
  for (const [index, input] of journal.inputs.entries()) {
    const after = journal.inputs[index + 1]?.before ?? last;
    const isLast = hasEnded && index === journal.inputs.length - 1;
    const { isSubmitted, before } = input;
    const step = { action: actionOf(input), isSubmitted, before, after, isLast };
    const previous = steps.at(-1);
    const joined = previous && join(previous, step);
    if (joined) steps[steps.length - 1] = joined;
    else steps.push(step);
  }
  return steps;
}

/** A line was sent off, and a prompt came back: it may look as it did before, so it is not evidence by itself. */
export function awaitsPrompt({ isSubmitted, before, after, isLast }: Step): boolean {
  return isSubmitted && !isLast && after.isAtPrompt && before.hash !== after.hash;
}

/** By what is seen that the program has done it. Once it has ended, that is the proof, and a text it has left behind. */
export function proofOf(step: Step): Evidence | undefined {
  const evidence = evidenceOf({ ...step, typed: typedBy(step) });
  if (!step.isLast) return evidence;
  return evidence?.kind === 'text' && /\p{L}{3}/u.test(evidence.text) ? evidence : undefined;
}

/** What was typed by a step, as far as that is known. */
function typedBy({ action }: Pick<Step, 'action'>): string {
  if ('parts' in action) return action.parts.map((part) => ('text' in part ? part.text : ' ')).join('');
  const { text, command } = 'params' in action ? action.params : {};
  return String(text ?? command ?? '');
}

/** One after the other, where the first is text that has only been echoed, and the second goes on with it. */
function join(first: Step, second: Step): Step | undefined {
  const isSubmitted = second.isSubmitted;
  const { before } = first;
  const { after, isLast } = second;
  if ('hidden' in first.action && 'hidden' in second.action && !first.isSubmitted)
    return { action: { hidden: true, enter: isSubmitted }, isSubmitted, before, after, isLast };
  if (!('parts' in first.action) || !('parts' in second.action)) return undefined;
  const [text, ...more] = first.action.parts;
  const [next, ...others] = second.action.parts;
  if (text === undefined || !('text' in text) || more.length > 0 || next === undefined) return undefined;
  if (others.length > 0 || !('text' in next || ('key' in next && next.key === 'Enter'))) return undefined;
  const evidence = evidenceOf({ ...first, typed: text.text });
  if (evidence && evidence.kind !== 'echo' && evidence.kind !== 'cursor' && evidence.kind !== 'change')
    return undefined;
  const parts = 'text' in next ? [{ text: text.text + next.text }] : [text, next];
  return { action: { parts }, isSubmitted, before, after, isLast };
}

function actionOf({ method, params, isSubmitted }: SentInput): Action {
  if (params === undefined) return { hidden: true, enter: isSubmitted };
  const parts = partsOf(method, params);
  return parts === undefined ? { method, params } : { parts };
}

/** Text and keys, whichever method sent them; undefined for all else. */
function partsOf(method: string, params: Readonly<Record<string, unknown>>): Part[] | undefined {
  const enter = params.enter === true ? [{ key: 'Enter' }] : [];
  if (method === 'session.type' && typeof params.text === 'string')
    return [...(params.text === '' ? [] : [{ text: params.text }]), ...enter];
  if (method === 'session.key') return [{ key: String(params.keys) }];
  return method === 'session.send' ? (params.parts as Part[]) : undefined;
}
