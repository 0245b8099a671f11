/** Finding a place on a session's screen by an element's ref, or by the text that stands there. */
import { RequestError } from '@pilotty/protocol';
import { detectElements, type Element } from '@pilotty/terminal';
import { placeOfText } from '../search/place-of-text.ts';
import type { Session } from '../session/session.ts';

export interface Found {
  row: number;
  col: number;
  element: Element | undefined;
}

/** What is on the screen now; an element that was there before keeps its ref. */
export function elementsOf(session: Session): Element[] {
  return session.elements.update(detectElements(session.screen));
}

/**
 * The centre of an element, on the screen as it is now.
 * @throws RequestError REF_NOT_FOUND or REF_STALE
 */
export function elementNamed(session: Session, ref: string): Found & { element: Element } {
  elementsOf(session);
  const resolution = session.elements.resolve(ref.startsWith('@') ? ref : `@${ref}`);
  if (resolution.status === 'unknown') {
    throw new RequestError('REF_NOT_FOUND', `Session '${session.name}' has never had an element ${ref}`);
  }
  if (resolution.status === 'stale') {
    throw new RequestError('REF_STALE', `The element with ref ${ref} is no longer on the screen`, {
      details: { ...session.reference, elements: resolution.elements },
    });
  }
  return centreOf(resolution.element);
}

/** The element that has a text, or else begins with it, or else is the only one that holds it. @throws RequestError REF_NOT_FOUND */
export function elementWithText(session: Session, text: string): Element {
  const elements = elementsOf(session).filter(({ kind }) => kind !== 'box');
  const containing = elements.filter((element) => element.text.includes(text));
  const found =
    elements.find((element) => element.text === text) ??
    elements.find((element) => element.text.startsWith(text)) ??
    // Menus put a tag before what a person reads; of two that fit, it is unknown which is meant.
    (containing.length === 1 ? containing[0] : undefined);
  if (found) return found;
  throw new RequestError(
    'REF_NOT_FOUND',
    `No element of session '${session.name}' has the text ${JSON.stringify(text)}`,
    {
      details: { ...session.reference, elements },
    },
  );
}

/** The middle of the first place that shows the text; an element that has exactly this text comes first. */
export function textNamed(session: Session, text: string): Found {
  const element = elementsOf(session).find(
    (candidate) => candidate.text === text && candidate.kind !== 'box',
  );
  if (element) return centreOf(element);
  const place = placeOfText(session, text);
  if (!place) {
    throw new RequestError(
      'REF_NOT_FOUND',
      `The screen of session '${session.name}' does not show ${JSON.stringify(text)}`,
      {
        suggestion: "See what it shows with 'pilotty snapshot --format text'.",
      },
    );
  }
  const { row, col } = place;
  return {
    row,
    col: Math.min(col + Math.floor((text.length - 1) / 2), session.screen.size.cols - 1),
    element: undefined,
  };
}

function centreOf(element: Element): Found & { element: Element } {
  const { row, col, width, height } = element;
  return { row: row + Math.floor((height - 1) / 2), col: col + Math.floor((width - 1) / 2), element };
}
