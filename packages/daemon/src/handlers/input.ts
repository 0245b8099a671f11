/**
 * Input of one session is sent act by act: two clients that type at once do not interleave. An answer
 * means that the program's terminal has taken the bytes.
 */

import type { ParsedParams, Result } from '@pilotty/protocol';
import { commandLine } from '@pilotty/protocol';
import { encodePaste, parseKeys, spellKey } from '@pilotty/terminal';
import { atOnce, awaited, type Work } from '../at-once.ts';
import type { Call } from '../call.ts';
import { bytesToType, type TypedParams } from '../input/bytes-to-type.ts';
import { ESCAPE_GAP_MS } from '../waiting/after-escape.ts';
import { Act, INPUT_TIMEOUT_MS } from './act.ts';
import { asRequestError } from './as-request-error.ts';
import type { Handlers } from './handler.ts';
import { requireLinesFit } from './line-limit.ts';
import { requireHidden, withoutQuoting } from './secret-input.ts';
import { sendKeys, sendPressed } from './send-keys.ts';
import type { Services } from './services.ts';

export const inputHandlers: Handlers<'session.type' | 'session.key' | 'session.paste'> = {
  'session.type': async (services, params, call) => {
    const isEofAlone = params.text === undefined && params.data_base64 === undefined;
    const text = isEofAlone ? Buffer.alloc(0) : requestedBytes(params);
    const act = await Act.begin(services, params, params.timeout_ms, call);
    try {
      await requireLinesFit(act.session, text);
      if (params.secret && !params.force) await requireHidden(act.session, act.deadline);
      await act.untilDrawn();
      act.checkScreen();
      act.describe('session.type', typedParams(params), params.secret || undefined);
      if (!isEofAlone) await act.sendText(text, params.secret);
      if (params.enter) await act.pressEnter();
      if (params.eof) act.sendEof();
      return { type: 'typed', ...act.session.reference, ...act.sent, ...(await act.waitAndCapture()) };
    } finally {
      act.end();
    }
  },

  'session.key': (services, params, call) => atOnce(pressKeys(services, params, call)),

  'session.paste': async (services, params, call) => {
    const act = await Act.begin(services, params, params.timeout_ms, call);
    try {
      await requireLinesFit(act.session, encodePaste(params.text, act.session.screen.modes));
      await act.untilDrawn();
      // Lines that are pasted without the marks around them may be run.
      act.session.arrived.catchUp();
      act.checkScreen();
      act.describe('session.paste', { text: params.text, ...(params.enter && { enter: true }) });
      const { modes } = act.session.screen;
      const bracketed = modes.bracketedPaste;
      await act.sendText(encodePaste(params.text, modes));
      if (params.enter) await act.pressEnter();
      return {
        type: 'pasted',
        ...act.session.reference,
        ...act.sent,
        bracketed,
        ...(await act.waitAndCapture()),
      };
    } finally {
      act.end();
    }
  },
};

function* pressKeys(
  services: Services,
  params: ParsedParams<'session.key'>,
  call: Call,
): Work<Result<'session.key'>> {
  const keys = asRequestError(
    () => parseKeys(params.keys),
    () => sendInstead(params.keys),
  );
  const timeoutMs = INPUT_TIMEOUT_MS + Math.max(params.delay_ms, ESCAPE_GAP_MS) * keys.length;
  const act = yield* awaited(Act.begin(services, params, timeoutMs, call));
  try {
    if (keys[0]?.name === 'Enter') yield* awaited(act.pauseBeforeEnter());
    yield* awaited(act.untilDrawn());
    act.checkScreen();
    act.describe('session.key', { keys: keys.map(spellKey).join(' ') });
    return yield* sendPressed(act, keys, () => sendKeys(act, keys, params.delay_ms));
  } finally {
    act.end();
  }
}

/** @throws RequestError INVALID_INPUT for an escape that there is not */
function requestedBytes(params: TypedParams & { secret: boolean }): Uint8Array {
  return bytesToType(params, params.secret ? withoutQuoting : asRequestError);
}

/** As a request says it again: what was escaped has been read by now. */
function typedParams(params: ParsedParams<'session.type'>): Record<string, unknown> {
  const { text, data_base64, escapes, enter } = params;
  const bytes = escapes ? requestedBytes(params) : undefined;
  return {
    ...(bytes === undefined ? { text, data_base64 } : { data_base64: Buffer.from(bytes).toString('base64') }),
    ...(enter && { enter }),
  };
}

/** Text among keys, or in the place of one, is what `send` is for. */
function sendInstead(keys: string): string {
  const words = keys.trim().split(/\s+/);
  return `'pilotty send' types text and presses keys, each a word: ${commandLine(['pilotty', 'send', ...words])}. 'pilotty key --help' has the names of keys.`;
}
