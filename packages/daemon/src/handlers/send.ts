/** Text and keys of one request, in their order, as one act: `iHello Escape :wq Enter`. */

import type { ParsedParams } from '@pilotty/protocol';
import { commandLine } from '@pilotty/protocol';
import { type Key, misspeltIn, parseKeys, readWord, spellKey } from '@pilotty/terminal';
import { noTerminal } from '../session/no-terminal.ts';
import type { Session } from '../session/session.ts';
import { pause } from '../until.ts';
import { ESCAPE_GAP_MS } from '../waiting/after-escape.ts';
import { Act } from './act.ts';
import { asRequestError } from './as-request-error.ts';
import type { Handlers } from './handler.ts';
import { isEscape } from './keys-to-send.ts';
import { requireLinesFit } from './line-limit.ts';
import { encodeAll, sendKeys } from './send-keys.ts';

type Part = ParsedParams<'session.send'>['parts'][number];

/** Text that is typed at once, or keys that are pressed one after the other. */
type Run = { text: Uint8Array } | { keys: Key[] };

export const sendHandlers: Handlers<'session.send'> = {
  'session.send': async (services, params, call) => {
    const runs = runsOf(params.parts);
    const keys = runs.flatMap((run) => ('keys' in run ? run.keys : []));
    const pausesMs = Math.max(params.delay_ms, ESCAPE_GAP_MS) * (keys.length + params.parts.length);
    const act = await Act.begin(services, params, params.timeout_ms + pausesMs, call);
    try {
      if (act.session.isPipe) {
        requireEnters(act.session, keys);
        for (const run of runs) await sendToPipe(act, run);
        return {
          type: 'sent',
          ...act.session.reference,
          ...act.sent,
          keys: [],
          ...(await act.waitAndCapture()),
        };
      }
      const bytes = runs.map((run) => ('keys' in run ? encodeAll(run.keys, act.session) : run.text));
      await requireLinesFit(act.session, Buffer.concat(bytes));
      if (beginsWithEnter(runs[0])) await act.pauseBeforeEnter();
      await act.untilDrawn();
      act.checkScreen();
      act.describe('session.send', { parts: params.parts });
      for (const [index, run] of runs.entries()) await sendRun(act, run, runs[index + 1], params.delay_ms);
      return {
        type: 'sent',
        ...act.session.reference,
        ...act.sent,
        keys: keys.map(spellKey),
        ...(await act.waitAndCapture()),
      };
    } finally {
      act.end();
    }
  },
};

/** The one key that is text: a newline. @throws RequestError NO_TERMINAL, with nothing sent */
function requireEnters({ reference }: Session, keys: readonly Key[]): void {
  const other = keys.find((key) => spellKey(key) !== 'Enter');
  if (other === undefined) return;
  throw noTerminal(
    reference,
    `takes no key '${spellKey(other)}'`,
    `Send text, and Enter for a newline; 'pilotty type -s ${reference.session} --eof' closes its stdin.`,
  );
}

async function sendToPipe(act: Act, run: Run): Promise<void> {
  if ('text' in run) return act.sendText(run.text);
  for (const _ of run.keys) await act.pressEnter();
}

async function sendRun(act: Act, run: Run, next: Run | undefined, delayMs: number): Promise<void> {
  if ('text' in run) {
    await act.sendText(run.text);
    if (beginsWithEnter(next)) await act.pauseBeforeEnter();
  } else {
    await sendKeys(act, run.keys, delayMs);
  }
  const last = 'keys' in run ? run.keys.at(-1) : undefined;
  const thenMs = isEscape(last) ? Math.max(delayMs, ESCAPE_GAP_MS) : delayMs;
  if (next !== undefined && thenMs > 0) await pause(thenMs, act.deadline.signal);
}

function beginsWithEnter(run: Run | undefined): boolean {
  return run !== undefined && 'keys' in run && run.keys[0]?.name === 'Enter';
}

/** Keys that follow each other are one run, as they would be in session.key. */
function runsOf(parts: readonly Part[]): Run[] {
  const runs: Run[] = [];
  for (const part of parts) {
    const run = runOf(part);
    const last = runs.at(-1);
    if (last !== undefined && 'keys' in last && 'keys' in run) last.keys.push(...run.keys);
    else runs.push(run);
  }
  return runs;
}

function runOf(part: Part): Run {
  if ('text' in part) return { text: Buffer.from(part.text) };
  if ('key' in part) return { keys: asRequestError(() => parseKeys(part.key)) };
  const { word } = part;
  const key = asRequestError(
    () => readWord(word),
    () => howToSay(word),
  );
  return key === undefined ? { text: Buffer.from(word) } : { keys: [key] };
}

function howToSay(word: string): string {
  const literal = commandLine(['--literal', word]);
  if (/\s/.test(word)) return `For the keys write each as a word of its own, for the text ${literal}.`;
  const key = misspeltIn(word) ?? parseKeys(word).map(spellKey).join(' ');
  return `For the key write ${key}, for the text ${literal}.`;
}
