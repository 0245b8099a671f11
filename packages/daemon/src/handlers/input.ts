/**
 * Input of one session is sent in turn: two clients that type at once do not interleave. An answer
 * means that the program's terminal has taken the bytes.
 */
import { RequestError, type Result } from '@pilotty/protocol';
import { encodePaste, InvalidKeyError, interpretEscapes, type Key, parseKeys } from '@pilotty/terminal';
import type { Deadline } from '../call.ts';
import type { Session } from '../session/session.ts';
import { pauseBeforeEnter } from '../waiting/before-enter.ts';
import { acting } from './acting.ts';
import type { Handlers } from './handler.ts';
import { requireHidden, withoutQuoting } from './secret-input.ts';
import { encodeKeys, INPUT_TIMEOUT_MS, pause, send } from './sending.ts';

const ENTER = parseKeys('Enter');

export const inputHandlers: Handlers<'session.type' | 'session.key' | 'session.paste'> = {
  'session.type': (services, params, call) => {
    const text = bytesToType(params);
    const prepare = params.secret && !params.force ? requireHidden : undefined;
    const type = async (session: Session, deadline: Deadline): Promise<Result<'session.type'>> => {
      const sent = await send(session, text, deadline, params.secret);
      if (!params.enter) return { type: 'typed', session: session.name, ...sent };
      await pauseBeforeEnter(session, deadline);
      const enter = await send(session, encodeAll(ENTER, session), deadline);
      return { type: 'typed', session: session.name, seq: enter.seq, bytes: sent.bytes + enter.bytes };
    };
    return acting(services, params, params.timeout_ms, call, type, prepare);
  },

  'session.key': (services, params, call) => {
    const keys = asRequestError(() => parseKeys(params.keys));
    const timeoutMs = INPUT_TIMEOUT_MS + Math.max(params.delay_ms, ESCAPE_GAP_MS) * keys.length;
    return acting(services, params, timeoutMs, call, async (session, deadline) => {
      // All are checked in the modes of now, before any is sent.
      encodeAll(keys, session);
      let sent = { seq: session.seq, bytes: 0 };
      for (const { keys: together, thenMs } of strokesOf(keys, params.delay_ms)) {
        const next = await send(session, encodeAll(together, session), deadline);
        sent = { seq: next.seq, bytes: sent.bytes + next.bytes };
        if (thenMs > 0) await pause(thenMs, deadline.signal);
      }
      return { type: 'keys_sent', session: session.name, ...sent, keys: keys.map(({ token }) => token) };
    });
  },

  'session.paste': (services, params, call) =>
    acting(services, params, params.timeout_ms, call, async (session, deadline) => {
      const { modes } = session.screen;
      const sent = await send(session, encodePaste(params.text, modes), deadline);
      return { type: 'pasted', session: session.name, ...sent, bracketed: modes.bracketedPaste };
    }),
};

/** A key sooner after Escape would be read as Alt and that key; vim's usual ttimeoutlen is 50. */
const ESCAPE_GAP_MS = 60;

interface Stroke {
  keys: Key[];
  /** Before the next stroke. */
  thenMs: number;
}

/** Keys without a pause between them are one write, so that nothing comes in between. */
function strokesOf(keys: readonly Key[], delayMs: number): Stroke[] {
  const strokes: Stroke[] = [];
  let together: Key[] = [];
  for (const [index, key] of keys.entries()) {
    together.push(key);
    const isLast = index === keys.length - 1;
    const thenMs = isLast
      ? 0
      : key.name === 'Escape' && !key.alt
        ? Math.max(delayMs, ESCAPE_GAP_MS)
        : delayMs;
    if (thenMs === 0 && !isLast) continue;
    strokes.push({ keys: together, thenMs });
    together = [];
  }
  return strokes;
}

function bytesToType(params: {
  text?: string | undefined;
  data_base64?: string | undefined;
  escapes: boolean;
  secret: boolean;
}): Uint8Array {
  if (params.data_base64 !== undefined) return Buffer.from(params.data_base64, 'base64');
  const text = params.text ?? '';
  if (!params.escapes) return Buffer.from(text);
  return params.secret
    ? withoutQuoting(() => interpretEscapes(text))
    : asRequestError(() => interpretEscapes(text));
}

function encodeAll(keys: readonly Key[], session: Session): Uint8Array {
  return asRequestError(() => encodeKeys(keys, session));
}

/** The terminal package knows nothing of requests: what it refuses is the asker's error. */
function asRequestError<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof InvalidKeyError) {
      const details = { token: error.token, ...(error.nearest !== undefined && { nearest: error.nearest }) };
      throw new RequestError('INVALID_KEY', error.message, { details });
    }
    throw new RequestError('INVALID_INPUT', error instanceof Error ? error.message : String(error));
  }
}
