/**
 * Keys for one session that its client has sent one request after the other, without waiting for answers: pressed with one
 * write to the terminal, which takes longer than all else that is done for a key. Each stays an act of its own, with its
 * number, its mark and its answer; what the terminal does not take is not begun. Read, drawn, written and marked is in one
 * go, so that nothing which the program prints can come in between.
 */
import type { ParsedParams, Result } from '@pilotty/protocol';
import { type Key, parseKeys } from '@pilotty/terminal';
import { atOnce } from '../at-once.ts';
import type { Call } from '../call.ts';
import type { Session } from '../session/session.ts';
import { leftAfterEscapeMs } from '../waiting/after-escape.ts';
import { isSoonAfterText } from '../waiting/before-enter.ts';
import { Act, INPUT_TIMEOUT_MS } from './act.ts';
import { encodeKeys, isEscape, strokesOf } from './keys-to-send.ts';
import { sendPressed } from './send-keys.ts';
import type { Services } from './services.ts';

export interface AskedKeys {
  params: ParsedParams<'session.key'>;
  call: Call;
}

type Answer = Result<'session.key'> | Promise<Result<'session.key'>>;

interface Press extends AskedKeys {
  keys: readonly Key[];
  bytes: Uint8Array;
}

/**
 * @param asked for the same session, with nothing but keys
 * @returns the answers to the first of them; the others are to be asked for alone
 */
export function pressTogether(services: Services, asked: readonly AskedKeys[]): Answer[] {
  const [one] = asked;
  const session = one && services.sessions.meant(one.params.session);
  if (session === undefined || !takesTogether(session)) return [];
  session.arrived.catchUp(RECENT_MS);
  // What was drawn may be the end of the program.
  const presses = takesTogether(session) ? pressesOf(asked, session) : [];
  if (presses.length < 2) return [];
  const answers: Answer[] = [];
  try {
    pressAll(services, presses, answers);
  } catch (error) {
    // Who knows what was sent of them: none is sent again.
    while (answers.length < presses.length) answers.push(Promise.reject(error));
  }
  return answers;
}

/** @param answers gets those of the first, as far as the terminal takes them */
function pressAll(services: Services, presses: readonly Press[], answers: Answer[]): void {
  let taken = 0;
  for (const [index, { params, call, keys, bytes }] of presses.entries()) {
    if (index > 0 && taken === 0) return;
    const act = Act.beginFree(services, params, INPUT_TIMEOUT_MS, call);
    // Its client has left.
    if (act === undefined) return;
    const rest = index === 0 ? Buffer.concat(presses.slice(1).map((press) => press.bytes)) : undefined;
    const takenBytes = Math.min(taken, bytes.length);
    const send = () => {
      const sent = act.sendInOneGo(bytes, { takenBytes, rest });
      taken += sent.takenOfRest - takenBytes;
      return sent.taken;
    };
    answers.push(atOnce(sendPressed(act, keys, send)));
  }
}

/** As an act without a wait, see Act. */
const RECENT_MS = 5;

/** Whether nothing can come between the keys, or refuse one of them. */
function takesTogether(session: Session): boolean {
  const { journal, keyboard, run } = session;
  if (session.whyNotRunning() !== undefined || run.pty === undefined || journal !== undefined) return false;
  if (session.queuedInputBytes > 0 || isSoonAfterText(session) || leftAfterEscapeMs(session) > 0)
    return false;
  return keyboard.holder === undefined && keyboard.handOver === undefined;
}

/** The first that are understood, can be sent in the modes of now, and need no pause between their keys. */
function pressesOf(asked: readonly AskedKeys[], session: Session): Press[] {
  const presses: Press[] = [];
  try {
    for (const { params, call } of asked) {
      const keys = parseKeys(params.keys);
      if (keys.length > 1 && strokesOf(keys, params.delay_ms).length > 1) break;
      // What comes after it has to wait.
      if (isEscape(keys.at(-1))) break;
      presses.push({ params, call, keys, bytes: encodeKeys(keys, session) });
    }
  } catch {
    // It is refused when it is asked for alone.
  }
  return presses;
}
