/** What can be waited for: each a function of one session as it is now. */
import type { InputMark } from '../input/input-mark.ts';
import { msAfter, msSince, nextMoment } from '../moment.ts';
import { foregroundAwaitsInput } from '../processes/awaits-input.ts';
import { type Finder, findsRegex, findsRegexNow, findsText } from '../search/finders.ts';
import { screenOf } from '../search/line-search.ts';
import type { Session } from '../session/session.ts';
import { allInputRead } from './all-input-read.ts';
import { type Affected, affectedByScreen } from './askers.ts';
import { asksForPassword, readsInput } from './awaits-input.ts';
import type { Anchor, Awaited, Condition } from './condition.ts';
import { isInState } from './in-state.ts';
import { REACTION_MS } from './input-taken.ts';
import { atPrompt } from './prompt.ts';
import { atShellPrompt, isPromptSign } from './prompt-sign.ts';
import { either, shown } from './shown.ts';
import type { Answer, Holding } from './wait.ts';
import { written } from './written.ts';

const NOT_YET = {};

/** Drawing is not what makes it so, or not any more. */
const notAffected = (): Affected => 'no';

/**
 * The conditions of a request; `close` every one of them.
 * @throws RequestError INVALID_INPUT for an expression that does not compile
 */
export async function conditionsOf(session: Session, awaited: Awaited, anchor: Anchor): Promise<Condition[]> {
  const input = anchor.act ?? session.acts.last;
  const { regex, gone_regex } = patternsOf(awaited);
  const regexes = await Promise.all(regex.map(findsRegex));
  const goneRegexes = await Promise.all(gone_regex.map(findsRegex));
  return conditionsWith(session, awaited, anchor, { input, regexes, goneRegexes });
}

/**
 * Before conditionsNow(), so that it answers.
 * @throws RequestError INVALID_INPUT for an expression that does not compile
 */
export async function loadPatterns(awaited: Pick<Awaited, 'regex' | 'gone_regex'>): Promise<void> {
  const { regex, gone_regex } = patternsOf(awaited);
  await Promise.all([...regex, ...gone_regex].map(findsRegex));
}

/** As conditionsOf(); undefined where something has to be loaded before. */
export function conditionsNow(session: Session, awaited: Awaited, anchor: Anchor): Condition[] | undefined {
  const input = anchor.act ?? session.acts.last;
  const { regex, gone_regex } = patternsOf(awaited);
  const regexes = regex.map(findsRegexNow).filter((finder) => finder !== undefined);
  const goneRegexes = gone_regex.map(findsRegexNow).filter((finder) => finder !== undefined);
  const areAll = regexes.length === regex.length && goneRegexes.length === gone_regex.length;
  return areAll ? conditionsWith(session, awaited, anchor, { input, regexes, goneRegexes }) : undefined;
}

function patternsOf({ regex, gone_regex }: Pick<Awaited, 'regex' | 'gone_regex'>): {
  regex: string[];
  gone_regex: string[];
} {
  return { regex: [regex ?? []].flat(), gone_regex: [gone_regex ?? []].flat() };
}

function conditionsWith(
  session: Session,
  awaited: Awaited,
  anchor: Anchor,
  { input, regexes, goneRegexes }: { input: InputMark; regexes: Finder[]; goneRegexes: Finder[] },
): Condition[] {
  /** Announcements from here on count; as long as nothing was printed since the input, none. */
  const from = () => anchor.after ?? input.answeredFrom ?? Number.POSITIVE_INFINITY;
  const { cols } = session.screen.size;
  const texts = [awaited.text ?? []].flat();
  const gone = [awaited.gone ?? []].flat().map((text) => findsText(text, cols));
  const { stream } = awaited;
  const shows = (name: 'text' | 'regex', finder: Finder) =>
    stream === undefined
      ? shown(name, session, finder, awaited, anchor)
      : written(name, session, stream, finder, awaited, anchor);
  const showsText = (text: string) => {
    const condition = shows('text', findsText(text, cols));
    return isPromptSign(text) && !session.isPipe
      ? either(condition, atShellPrompt(session, input), session)
      : condition;
  };
  return [
    ...texts.map(showsText),
    ...regexes.map((finder) => shows('regex', finder)),
    ...gone.map((finder) => isGone('gone', session, finder)),
    ...goneRegexes.map((finder) => isGone('gone_regex', session, finder)),
    ...(awaited.change === undefined ? [] : [changes(session, awaited.change, anchor)]),
    ...(awaited.settle_ms === undefined ? [] : [settles(session, awaited.settle_ms, anchor)]),
    ...(awaited.idle_ms === undefined ? [] : [isIdle(session, awaited.idle_ms, anchor)]),
    ...(awaited.exit
      ? [hasExited(session, anchor.after ?? anchor.act?.moment ?? awaited.asked_at ?? nextMoment())]
      : []),
    ...(awaited.prompt ? [standsAtPrompt(session, input)] : []),
    ...(awaited.reads ? [readsInput(session, input)] : []),
    ...(awaited.password ? [asksForPassword(session, input)] : []),
    ...(awaited.cursor === undefined ? [] : [cursorStands(session, awaited.cursor)]),
    ...(awaited.title === undefined ? [] : [hasTitle(session, awaited.title, awaited.new ? from : () => 0)]),
    ...(awaited.bell ? [announced('bell', () => session.signals.bell, from)] : []),
    ...(awaited.command_finished ? [commandFinished(session, input, from)] : []),
    ...(awaited.state === undefined ? [] : [isInState(session, [awaited.state].flat())]),
  ];
}

function standsAtPrompt(session: Session, input: InputMark): Condition {
  return { name: 'prompt', ask: atPrompt(session, input), affected: affectedByScreen(session) };
}

function isGone(name: 'gone' | 'gone_regex', session: Session, finder: Finder): Condition {
  return {
    name,
    ask: () => {
      for (const _ of finder.find(screenOf(session).text)) return NOT_YET;
      return { holds: { since: session.times.drawn } };
    },
    affected: affectedByScreen(session),
  };
}

function changes(session: Session, baseline: number | true, { hash }: Anchor): Condition {
  const known = baseline === true ? (hash ?? hashOfDrawn(session)) : baseline;
  let ask = known === undefined ? undefined : changed(session, known);
  return {
    name: 'change',
    ask: () => {
      // It is first asked once what was printed before the question is drawn.
      ask ??= changed(session, session.contentHash);
      return holding(ask(), session.times.drawn);
    },
    affected: affectedByScreen(session),
  };
}

/** Undefined where something that was printed before waits to be drawn. */
function hashOfDrawn(session: Session): number | undefined {
  return session.isDrawn ? session.contentHash : undefined;
}

/** In an act: still after the program's answer, or after the time in which there would have been one. */
export function settles(session: Session, settleMs: number, { act }: Anchor): Condition {
  const ask = settled(session, settleMs);
  return {
    name: 'settle',
    ask: () => {
      const answer: Answer<true> = session.isExited ? NOT_YET : ask();
      if (act === undefined || !('holds' in answer)) return holding(answer, nextMoment());
      const isAnswered = act.before !== undefined;
      const leftMs = REACTION_MS - session.times.inputIdleMs;
      return isAnswered || leftMs <= 0 ? holding(answer, nextMoment()) : { askAgainInMs: leftMs };
    },
    affected: affectedByScreen(session),
  };
}

/** Silence of a program that has ended is none. */
function isIdle(session: Session, idleMs: number, { idleFrom = 0 }: Anchor): Condition {
  return {
    name: 'idle',
    ask: () => {
      if (session.isExited) return NOT_YET;
      const activity = Math.max(session.times.activity, idleFrom);
      const leftMs = idleMs - msSince(activity);
      return leftMs > 0 ? { askAgainInMs: leftMs } : { holds: { since: msAfter(activity, idleMs) } };
    },
    affected: notAffected,
  };
}

/** @param from an end after this moment counts although the program has been started again */
function hasExited(session: Session, from: number): Condition {
  return {
    name: 'exit',
    ask: () => {
      const { ending } = session.run;
      const { moment, exit } =
        ending.moment === undefined ? (session.pastEnds.firstAfter(from) ?? ending) : ending;
      return moment === undefined ? NOT_YET : { holds: { since: moment, exit } };
    },
    affected: notAffected,
  };
}

function cursorStands(session: Session, { row, col }: { row: number; col?: number | undefined }): Condition {
  return {
    name: 'cursor',
    ask: () => {
      const { cursor } = session.screen;
      const stands = cursor.row === row && (col === undefined || cursor.col === col);
      return stands ? { holds: { since: session.times.drawn } } : NOT_YET;
    },
    affected: affectedByScreen(session),
  };
}

function hasTitle(session: Session, words: string, from: () => number): Condition {
  return {
    name: 'title',
    ask: () => {
      const since = session.signals.title ?? 0;
      return since >= from() && session.screen.title.includes(words) ? { holds: { since } } : NOT_YET;
    },
    affected: notAffected,
  };
}

function announced(
  name: 'bell' | 'command_finished',
  last: () => number | undefined,
  from: () => number,
): Condition {
  return {
    name,
    ask: () => {
      const since = last();
      return since !== undefined && since > from() ? { holds: { since } } : NOT_YET;
    },
    affected: notAffected,
  };
}

/** After a line was sent off: once all of the input has been read, because each of several lines is a command. */
function commandFinished(session: Session, input: InputMark, from: () => number): Condition {
  const { ask } = announced('command_finished', () => session.commands.lastFinished?.at, from);
  const isTaken = allInputRead(session);
  return {
    name: 'command_finished',
    ask: () => {
      const answer = ask();
      const { isAtPrompt, promptAt } = session.commands;
      // Where no prompt is ever marked, none will follow the end of the last command.
      if (!('holds' in answer) || !input.isSubmitted || promptAt === undefined) return answer;
      if (!isAtPrompt && !session.isExited) return NOT_YET;
      const taken = isTaken();
      return 'holds' in taken ? answer : taken;
    },
  };
}

function holding(answer: Answer<true>, since: number): Answer<Holding> {
  return 'holds' in answer ? { holds: { since } } : answer;
}

/**
 * Everything that was printed before this call is drawn, and the screen is not in the middle of a frame.
 * @param recentMs see ArrivedOutput.read()
 */
export function parsedUpTo(session: Session, recentMs = 0): () => Answer<true> {
  session.arrived.read(recentMs);
  return readIsParsed(session);
}

/** Everything that was read before this call is drawn, and the screen is not in the middle of a frame. */
export function readIsParsed(session: Session): () => Answer<true> {
  const { seq } = session;
  return () => (session.parsedSeq >= seq ? { holds: true } : NOT_YET);
}

/** The screen differs from the one with this hash or revision. */
export function changed(session: Session, baseline: number): () => Answer<true> {
  return () =>
    session.contentHash !== baseline && session.revision !== baseline ? { holds: true } : NOT_YET;
}

/** The screen has been as it is for so long. Stillness before the wait counts, stillness before the last input does not. */
export function settled(session: Session, settleMs: number): () => Answer<true> {
  let seen = session.revision;
  let stillSince = performance.now() - session.times.stillMs;
  return () => {
    const now = performance.now();
    if (session.revision !== seen) {
      seen = session.revision;
      stillSince = now - session.times.stillMs;
    }
    const left = Math.max(stillSince, now - session.times.inputIdleMs) + settleMs - now;
    return left <= 0 ? { holds: true } : { askAgainInMs: left };
  };
}

/** A program that starts draws its first screen in several writes, this close together. */
const FIRST_FRAME_QUIET_MS = 50;

/** The program has drawn something and paused, or has had its time and drawn nothing. */
export function firstFrame(session: Session): () => Answer<'drawn' | 'nothing'> {
  return () => {
    const quietLeftMs = FIRST_FRAME_QUIET_MS - session.times.stillMs;
    const { startupLeftMs } = session.times;
    if (session.isBlank) return startupLeftMs <= 0 ? { holds: 'nothing' } : { askAgainInMs: startupLeftMs };
    if (quietLeftMs <= 0 || startupLeftMs <= 0) return { holds: 'drawn' };
    return { askAgainInMs: Math.min(quietLeftMs, startupLeftMs) };
  };
}

/** What belongs to one frame comes closer together than displays show frames. */
const FRAME_MS = 16;
/** A program that does not read its input may be drawing still, for this long without any output. */
const BUSY_MS = 500;
/** One of which that is unknown draws no more after this long. */
const QUIET_MS = 150;

/** All that was being drawn is: the program waits for input again, or has printed nothing for the time of a frame. */
export function frameEnds(session: Session): () => Answer<true> {
  return readsOrIsQuiet(session, () => FRAME_MS);
}

/** The program has come back to its input, or has printed nothing for a while. */
export function drawingEnds(session: Session): () => Answer<true> {
  return readsOrIsQuiet(session, () => (foregroundAwaitsInput(session.pid) === false ? BUSY_MS : QUIET_MS));
}

function readsOrIsQuiet(session: Session, quietMs: () => number): () => Answer<true> {
  return () => {
    const isParsed = session.parsedBytes === session.retention.totalBytes;
    const leftMs = quietMs() - session.times.outputIdleMs;
    if (session.isExited || (isParsed && leftMs <= 0)) return { holds: true };
    if (foregroundAwaitsInput(session.pid) === true && session.arrived.readAndDraw()) return { holds: true };
    return { askAgainInMs: Math.max(1, Math.min(leftMs, FRAME_MS)) };
  };
}
