/**
 * What a program is doing, concluded from facts alone: the same facts give the same state. What they do not show is not
 * guessed: the state is then absent.
 */
import type { Exit } from '@pilotty/protocol';
import type { Progress } from '@pilotty/terminal';
import type { Call, Concluded, SetState } from '../session/work-record.ts';
import type { SaidOfWork } from './words.ts';

/** The foreground process, as the kernel sees it. */
export type Reader =
  /** Blocked in a read of the terminal. */
  | 'reads'
  /** Waits for several things, the terminal among them. */
  | 'polls'
  /** Waits for something else, or runs. */
  | 'none'
  | 'unknown';

export interface Facts {
  exit: Exit | undefined;
  /** Between two programs of a restart: none of them does anything. */
  isBetweenPrograms: boolean;
  /** What one of its programs asks a person for, by its askpass program. */
  askedFor: string | undefined;
  set: SetState | undefined;
  /** Input was sent that the program is not known to have read. */
  hasUnreadInput: boolean;
  /** The prompt of a shell that marks its prompts, after all input; with the command that ended there, if one did. */
  prompt: { since: number; command?: { line: string | undefined; exitCode: number | undefined } } | undefined;
  reader: Reader;
  /** By Ctrl+Z or another signal. */
  isStopped: boolean;
  /** What it waits for may be another program's, such as one on another host. Asked for once it is quiet. */
  isRelay: boolean;
  asksForPassword: boolean;
  /** The text behind which a password is read, or its question. */
  lastLine: string;
  /** On the screen, and for how long it has been the same. */
  question: { text: string; shownMs: number } | undefined;
  /** The cursor is behind a prompt for code or commands. */
  isAtPromptText: boolean;
  progress: Progress | undefined;
  call: Call | undefined;
  /** Since the screen looked different, clocks aside, and since input. */
  quietMs: number;
  /** The moment from which on it was quiet. */
  quietFrom: number;
  /** Since the screen changed in more than an animation, and since input. */
  stillMs: number;
  /** Looked for once the screen is still. */
  said: SaidOfWork | undefined;
  ended: number | undefined;
}

/** So long what reads a line has printed all of its question or prompt. */
const READS_QUIET_MS = 100;
/** What waits for several things draws at least so often while it works. */
export const CALM_MS = 1_000;
/** What draws every few seconds, as top does, is at work all the time. */
const POLLS_QUIET_MS = 4_000;

const ASKS =
  /\?\s*$|\b(?:permission|approv\w*|confirm\w*|authori[sz]\w*|attention|your (?:input|answer|turn|reply|choice)|waiting (?:for|on) (?:you|your|input|a reply)|needs? (?:you|your|input|an answer))\b/i;

export function concludedFrom(facts: Facts): Concluded | undefined {
  const { exit, set, quietFrom } = facts;
  if (exit !== undefined) return endOf(exit, facts.ended);
  if (facts.isBetweenPrograms) return undefined;
  if (facts.askedFor !== undefined) return { name: 'asking', why: 'password', text: facts.askedFor };
  if (set !== undefined) return { name: set.name, why: 'set', text: set.text, since: set.since };
  if (facts.hasUnreadInput) return { name: 'working', why: 'input' };
  if (facts.prompt !== undefined) return ofPrompt(facts.prompt);
  if (facts.isStopped) return undefined;
  if (facts.reader === 'none')
    return ofProgress(facts) ?? (facts.isRelay ? undefined : { name: 'working', why: 'runs' });
  const waiting = ofQuestion(facts) ?? ofReader(facts);
  if (waiting !== undefined) return { since: quietFrom, ...waiting };
  return ofProgress(facts) ?? ofSilence(facts);
}

/** When time alone may lead to another conclusion from the same facts; undefined: never. */
export function concludesAnewInMs(facts: Facts): number | undefined {
  const { quietMs, stillMs, question } = facts;
  if (isCertain(facts)) return undefined;
  const questionLeftMs = question === undefined ? 0 : CALM_MS - question.shownMs;
  const limits = [READS_QUIET_MS, CALM_MS, POLLS_QUIET_MS].map((ms) => ms - quietMs);
  const left = [...limits, questionLeftMs, CALM_MS - stillMs, POLLS_QUIET_MS - stillMs].filter(
    (ms) => ms > 0,
  );
  return left.length > 0 ? Math.max(1, Math.ceil(Math.min(...left))) : undefined;
}

/** What the kernel alone knows may change without an event: that a program has begun to wait for input. */
export function dependsOnKernel(facts: Facts): boolean {
  return !isCertain(facts) && (facts.hasUnreadInput || facts.reader === 'none' || facts.reader === 'unknown');
}

function isCertain({ exit, isBetweenPrograms, askedFor, set, prompt, hasUnreadInput }: Facts): boolean {
  if (exit !== undefined || isBetweenPrograms || askedFor !== undefined || set !== undefined) return true;
  return prompt !== undefined && !hasUnreadInput;
}

/** Who has ended it knows that it ended: that is no failure. */
function endOf({ success, killed_by_client, signal, exit_code }: Exit, since: number | undefined): Concluded {
  const text = signal !== null ? `ended by ${signal}` : `exit code ${exit_code}`;
  return { name: success || killed_by_client ? 'done' : 'failed', why: 'exit', text, since };
}

function ofPrompt({ since, command }: NonNullable<Facts['prompt']>): Concluded {
  const { line, exitCode } = command ?? {};
  if (exitCode === undefined) return { name: 'idle', why: 'prompt', since };
  if (exitCode === 0) return { name: 'done', why: 'command', text: line, since };
  const code = `exit code ${exitCode}`;
  return { name: 'failed', why: 'command', text: line === undefined ? code : `${code}: ${line}`, since };
}

function ofQuestion(facts: Facts): Concluded | undefined {
  const { reader, quietMs, question, lastLine } = facts;
  if (facts.asksForPassword && quietMs >= READS_QUIET_MS)
    return { name: 'asking', why: 'password', ...(lastLine !== '' && { text: lastLine }) };
  if (question === undefined) return undefined;
  const isWhole = reader === 'reads' && quietMs >= READS_QUIET_MS;
  // It may draw beside it all the time.
  if (!isWhole && quietMs < CALM_MS && question.shownMs < CALM_MS) return undefined;
  return { name: 'asking', why: 'question', text: question.text };
}

/** What waits in a read of its terminal does nothing else. */
function ofReader(facts: Facts): Concluded | undefined {
  if (facts.reader !== 'reads' || facts.quietMs < READS_QUIET_MS) return undefined;
  return ofCall(facts) ?? { name: 'idle', why: facts.isAtPromptText ? 'prompt' : 'reads' };
}

function ofCall({ call }: Facts): Concluded | undefined {
  if (call === undefined) return undefined;
  const { kind, text, since } = call;
  return { name: text !== undefined && ASKS.test(text) ? 'asking' : 'done', why: kind, text, since };
}

function ofProgress({ progress }: Facts): Concluded | undefined {
  switch (progress?.state) {
    case 'running':
    case 'indeterminate': {
      const { percent } = progress;
      return { name: 'working', why: 'progress', ...(percent !== undefined && { text: `${percent} %` }) };
    }
    case 'error':
      return { name: 'failed', why: 'progress' };
    default:
      return undefined;
  }
}

function ofSilence(facts: Facts): Concluded | undefined {
  const { reader, quietMs, quietFrom: since, stillMs, said } = facts;
  const isUnderWay = said?.isUnderWay ?? false;
  // What it said last counts also where a spinner turns that nobody has stopped.
  const called = stillMs >= CALM_MS && (quietMs >= CALM_MS || !isUnderWay) ? ofCall(facts) : undefined;
  if (called !== undefined) return called;
  if (quietMs >= CALM_MS && facts.isAtPromptText) return { name: 'idle', why: 'prompt', since };
  if (quietMs < POLLS_QUIET_MS) {
    // Whether that is an ornament or work, nothing tells.
    const isOrnament = stillMs >= POLLS_QUIET_MS && said?.hasInputLine && !isUnderWay;
    return isOrnament ? undefined : { name: 'working', why: 'output' };
  }
  // A relay waits for its terminal whatever the program behind it does, and what is under way may be silent.
  return reader === 'polls' && !facts.isRelay && !isUnderWay
    ? { name: 'idle', why: 'quiet', since }
    : undefined;
}
