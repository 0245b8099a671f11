/** Mouse input: what the program listens for, where on the screen, in the encoding it chose. */
import { type ParsedParams, RequestError } from '@pilotty/protocol';
import { encodeMouse, type MouseEvent, type MouseModes, parseKeys } from '@pilotty/terminal';
import type { Session } from '../session/session.ts';
import { Act, INPUT_TIMEOUT_MS } from './act.ts';
import { elementNamed, type Found, textNamed } from './elements.ts';
import type { Handlers } from './handler.ts';
import { encodeKeys } from './keys-to-send.ts';

export const mouseHandlers: Handlers<'session.click' | 'session.scroll' | 'session.mouse'> = {
  'session.click': async (services, params, call) => {
    const act = await Act.begin(services, params, INPUT_TIMEOUT_MS, call);
    try {
      const { session } = act;
      await act.untilDrawn();
      act.checkScreen();
      const { row, col, element } = await act.found(() => placeOf(session, params));
      const { button, count, text } = params;
      const what = element && { element: { kind: element.kind, text: element.text } };
      const where = text === undefined ? { row, col, ...what } : { text };
      act.describe('session.click', { ...where, button, count, ...heldDown(params) });
      const events = Array.from({ length: params.count }, () => [
        event(params, 'press', params.button, row, col),
        event(params, 'release', params.button, row, col),
      ]).flat();
      await act.send(encodeAll(session, events, params.force));
      return {
        type: 'clicked',
        ...session.reference,
        ...act.sent,
        row,
        col,
        ...(element && { element }),
        ...(await act.waitAndCapture()),
      };
    } finally {
      act.end();
    }
  },

  'session.scroll': async (services, params, call) => {
    const act = await Act.begin(services, params, INPUT_TIMEOUT_MS, call);
    try {
      await act.untilDrawn();
      act.checkScreen();
      const { direction, amount, row, col } = params;
      act.describe('session.scroll', { direction, amount, row, col, ...heldDown(params) });
      const { by, once } = turnOfWheel(act.session, params);
      await act.send(Buffer.concat(Array(params.amount).fill(once)));
      return {
        type: 'scrolled',
        ...act.session.reference,
        ...act.sent,
        by,
        ...(await act.waitAndCapture()),
      };
    } finally {
      act.end();
    }
  },

  'session.mouse': async (services, params, call) => {
    const act = await Act.begin(services, params, INPUT_TIMEOUT_MS, call);
    try {
      await act.untilDrawn();
      act.checkScreen();
      const { action, row, col, to_row, to_col, button } = params;
      act.describe('session.mouse', { action, row, col, to_row, to_col, button, ...heldDown(params) });
      await act.send(encodeAll(act.session, eventsOf(params), params.force));
      return { type: 'mouse_sent', ...act.session.reference, ...act.sent, ...(await act.waitAndCapture()) };
    } finally {
      act.end();
    }
  },
};

function turnOfWheel(
  session: Session,
  params: ParsedParams<'session.scroll'>,
): { by: 'arrow keys' | 'wheel'; once: Uint8Array } {
  const { modes, alternateScreen, size } = session.screen;
  const { direction, force } = params;
  // xterm ctlseqs, "Alternate Scroll Mode".
  if (modes.mouse === 'none' && !force && modes.alternateScroll && alternateScreen)
    return { by: 'arrow keys', once: encodeKeys(parseKeys(direction), session) };
  const row = params.row ?? Math.floor(size.rows / 2);
  const col = params.col ?? Math.floor(size.cols / 2);
  const turn = event(params, `wheel-${direction}`, 'none', row, col);
  return { by: 'wheel', once: encodeAll(session, [turn], force) };
}

interface Held {
  shift: boolean;
  alt: boolean;
  ctrl: boolean;
}

function heldDown({ shift, alt, ctrl, force }: Held & { force: boolean }): Record<string, true> {
  const held = Object.entries({ shift, alt, ctrl, force }).filter(([, isOn]) => isOn);
  return Object.fromEntries(held.map(([name]) => [name, true]));
}

function event(
  { shift, alt, ctrl }: Held,
  action: MouseEvent['action'],
  button: MouseEvent['button'],
  row: number,
  col: number,
): MouseEvent {
  return { action, button, row, col, shift, alt, ctrl };
}

function eventsOf(params: ParsedParams<'session.mouse'>): MouseEvent[] {
  const { action, row, col, to_row: toRow = row, to_col: toCol = col } = params;
  const button = params.button ?? (action === 'move' ? 'none' : 'left');
  if (action !== 'drag') return [event(params, action, button, row, col)];
  return [
    event(params, 'press', button, row, col),
    ...cellsBetween(row, col, toRow, toCol).map((cell) => event(params, 'move', button, cell.row, cell.col)),
    event(params, 'release', button, toRow, toCol),
  ];
}

/** The cells a mouse passes on its way, without the first. */
function cellsBetween(
  row: number,
  col: number,
  toRow: number,
  toCol: number,
): { row: number; col: number }[] {
  const steps = Math.max(Math.abs(toRow - row), Math.abs(toCol - col));
  return Array.from({ length: steps }, (_, index) => {
    const part = (index + 1) / steps;
    return { row: Math.round(row + (toRow - row) * part), col: Math.round(col + (toCol - col) * part) };
  });
}

function placeOf(session: Session, params: ParsedParams<'session.click'>): Found {
  if (params.ref !== undefined) return elementNamed(session, params.ref);
  if (params.text !== undefined) return textNamed(session, params.text);
  return { row: params.row ?? 0, col: params.col ?? 0, element: undefined };
}

/** What a program that asked for nothing is sent when it must be. */
const FORCED: MouseModes = { mouse: 'any', mouseEncoding: 'sgr' };

/** @throws RequestError MOUSE_DISABLED when the program hears none of the events, INVALID_INPUT outside the screen */
function encodeAll(session: Session, events: readonly MouseEvent[], force: boolean): Uint8Array {
  const { modes, size } = session.screen;
  const used = force && modes.mouse === 'none' ? FORCED : modes;
  const parts: Uint8Array[] = [];
  for (const event of events) {
    if (event.row >= size.rows || event.col >= size.cols) {
      const where = `row ${event.row}, column ${event.col}`;
      throw new RequestError(
        'INVALID_INPUT',
        `The screen is ${size.cols}x${size.rows}: there is no ${where}`,
        {
          suggestion: 'Rows and columns are counted from 0.',
        },
      );
    }
    const bytes = encodeOne(event, used);
    if (bytes) parts.push(bytes);
  }
  if (parts.length > 0) return Buffer.concat(parts);
  const heard =
    modes.mouse === 'none' ? 'has not enabled the mouse' : `has enabled only '${modes.mouse}' mouse events`;
  throw new RequestError('MOUSE_DISABLED', `The program in session '${session.name}' ${heard}`, {
    details: { ...session.reference, mouse: modes.mouse },
  });
}

function encodeOne(event: MouseEvent, modes: MouseModes): Uint8Array | undefined {
  try {
    return encodeMouse(event, modes);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new RequestError('INVALID_INPUT', error.message);
  }
}
