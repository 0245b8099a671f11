/** What must be on the screen for an act, looked at just before its first byte. */
import { type ParsedParams, RequestError } from '@pilotty/protocol';
import { placeOfText } from '../search/place-of-text.ts';
import { screenState } from '../session/screen-state.ts';
import type { Session } from '../session/session.ts';

type OnlyIf = NonNullable<ParsedParams<'session.key'>['only_if']>;

/** @throws RequestError CONDITION_FAILED, with the screen */
export function requireScreen(session: Session, { text, gone, revision }: OnlyIf): void {
  const missing = [text ?? []].flat().find((wanted) => !placeOfText(session, wanted));
  const unwanted = [gone ?? []].flat().find((wanted) => placeOfText(session, wanted));
  const problem =
    missing !== undefined
      ? `does not show ${JSON.stringify(missing)}`
      : unwanted !== undefined
        ? `shows ${JSON.stringify(unwanted)}`
        : revision !== undefined && session.revision !== revision && session.contentHash !== revision
          ? `has changed: its revision is ${session.revision}, not ${revision}`
          : undefined;
  if (problem === undefined) return;
  throw new RequestError(
    'CONDITION_FAILED',
    `The screen of session '${session.name}' ${problem}; nothing was sent`,
    {
      suggestion: `Look with 'pilotty snapshot -s ${session.name}', then decide again.`,
      details: { ...session.reference, screen: screenState(session, 'immediate') },
    },
  );
}
