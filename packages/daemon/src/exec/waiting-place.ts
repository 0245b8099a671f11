/**
 * What is known of a shell or REPL by where in its program it waits. Its prompt, a question of its own, and mostly
 * the rest of a command are read by different functions, so that its stack is as deep at one prompt as at the next,
 * and of another depth anywhere else.
 */
import { isDefaultPrompt } from '../input/prompt-text.ts';
import { processArguments } from '../processes/process-table.ts';
import { placeOfWait, sizeOfRead } from '../processes/reads-terminal.ts';
import type { Session } from '../session/session.ts';
import { isSamePlace, type ProvenPrompts } from './proven-prompts.ts';

/** Where its prompt is read, or surely not there; undefined where that is not known. */
export type KnownPlace = 'prompt' | 'elsewhere' | undefined;

/** A call that was interrupted, as by Ctrl+Z, goes on as restart_syscall(2). */
const RESTARTED = new Set(['219', '128']);
/** Waits in another call once it looks at further descriptors (`zle -F`). */
const CHANGES_CALL = new Set(['zsh']);
/** ksh reads its vi and its emacs keys in functions of their own, xonsh its prompts at various depths. */
const CHANGES_PLACE = new Set(['ksh', 'xonsh']);
/** Reads the rest of a command elsewhere than at its prompt, and nothing but keys puts text there. */
const HAS_ONE_PLACE = new Set(['dash', 'ksh']);
/** Reads the rest of some commands where its prompt is read, and nothing but keys puts text there. */
const HAS_SOME_PLACE = new Set(['bash', 'python']);

export function placeOf(session: Session, pid: number, name: string, proven: ProvenPrompts): KnownPlace {
  const now = placeOfWait(pid);
  if (now === undefined || RESTARTED.has(now.call)) return undefined;
  const places = proven.placesIn(now.program);
  if (places.some((place) => isSamePlace(place, now))) return 'prompt';
  if (CHANGES_PLACE.has(name)) return undefined;
  const first = session.firstPlaces.find(now.program);
  const known = places.length === 0 && first && isDefaultPrompt(name, first.line) ? [first] : places;
  const isComparable = known.some(({ call }) => call === now.call || !CHANGES_CALL.has(name));
  return isComparable && !known.some((place) => isSamePlace(place, now)) ? 'elsewhere' : undefined;
}

/**
 * Nothing can stand there but the prompt, whatever that looks like.
 * @param isBack a command of ours ended there by its report, and nothing was sent since
 */
export function isSurelyEmpty(
  { acts, unsubmittedInput }: Session,
  { pid, name }: { pid: number; name: string },
  place: KnownPlace,
  isBack: boolean,
): boolean {
  if (unsubmittedInput.typedTo !== undefined) return false;
  if (acts.lastSeq === 0) return cannotAskAtFirst(pid, name);
  if (place !== 'prompt') return false;
  // An interrupt drops what was begun.
  return HAS_ONE_PLACE.has(name) || (HAS_SOME_PLACE.has(name) && (isBack || unsubmittedInput.wasInterrupted));
}

/** Before any input was sent to it, and the rest of a command is out of the question: so is a question. */
function cannotAskAtFirst(pid: number, name: string): boolean {
  const words = processArguments(pid).slice(1);
  // It reads the answer to a question byte by byte.
  if (name === 'dash') return (sizeOfRead(pid) ?? 1) > 1;
  // Without files of its user's it runs nothing before its prompt.
  if (name === 'bash') return words.includes('--norc');
  return (name === 'zsh' || name === 'tcsh') && words.includes('-f');
}
