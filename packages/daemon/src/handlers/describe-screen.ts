/** A screen as an answer describes it, in the requested format and extent. */
import { type ParsedParams, RequestError } from '@pilotty/protocol';
import {
  ansiSteps,
  diffSince,
  htmlSteps,
  markedText,
  type Picture,
  pictureSteps,
  type Rows,
  type Screen,
  type StyledLine,
  styledLineSteps,
  svgSteps,
  textSteps,
} from '@pilotty/terminal';
import { answerTooLong } from '../answer-too-long.ts';
import type { Call } from '../call.ts';
import type { InputMark } from '../input/input-mark.ts';
import type { Steps } from '../pictures/renderings.ts';
import { type ScreenState, screenFacts } from '../session/screen-state.ts';
import type { Session } from '../session/session.ts';
import { elementsOf } from './elements.ts';
import { newSince } from './new-since.ts';
import type { Services } from './services.ts';

type Params = NonNullable<ParsedParams<'session.key'>['snapshot']>;
type Description = Omit<ScreenState, 'outcome'>;

/** The text of so many takes less than a millisecond. */
const CELLS_AT_ONCE = 20_000;

/** @param act what is new is counted from it */
export async function describeScreen(
  session: Session,
  params: Params,
  { drawer, renderings }: Services,
  call: Call,
  act: InputMark = session.acts.last,
): Promise<Description> {
  const { picture, ...facts } = await renderings.render(session, () => description(session, params, act), {
    tooLong: () => answerTooLong('session.snapshot'),
    ready: () => call.ready(),
  });
  if (!picture) return facts;
  // The picture is a copy: what the program draws meanwhile is not on it.
  const png = await drawer.draw(picture, params.theme, call);
  return { ...facts, data_base64: Buffer.from(png).toString('base64') };
}

function* description(
  session: Session,
  params: Params,
  act: InputMark,
): Steps<Description & { picture?: Picture }> {
  const { screen } = session;
  const rows = rowsAsked(screen, params);
  const content = yield* shown(session, params, rows, act);
  return {
    type: 'screen_state' as const,
    ...session.reference,
    ...(params.format !== 'full' && { format: params.format }),
    size: screen.size,
    cursor: screen.cursor,
    ...(rows.first !== 0 && { first_row: rows.first }),
    ...content,
    ...screenFacts(session),
  };
}

/** As many of the rows asked for as there are. */
function rowsAsked(screen: Screen, { rows, scrollback }: Params): Rows {
  const bottom = screen.size.rows - 1;
  const above = screen.scrollbackCount;
  const zero = { screen: 0, oldest: -above, end: bottom + 1 }[rows?.from ?? 'screen'];
  const asked = rows
    ? { first: rows.first + zero, last: rows.last + zero }
    : { first: -scrollback, last: bottom };
  if (asked.first > bottom) {
    throw new RequestError(
      'INVALID_INPUT',
      `The screen has the rows 0 to ${bottom}: there is no row ${asked.first}`,
      { details: { first_row: -above, last_row: bottom } },
    );
  }
  const first = Math.min(Math.max(asked.first, -above), bottom);
  return { first, last: Math.min(Math.max(asked.last, first), bottom) };
}

function* shown(
  session: Session,
  params: Params,
  rows: Rows,
  act: InputMark,
): Steps<Partial<Description> & { picture?: Picture }> {
  const { screen } = session;
  const { format, theme } = params;
  switch (format) {
    case 'full': {
      const text = yield* textOrChanges(session, params, rows);
      return { ...text, ...(yield* details(session, params, rows)) };
    }
    case 'compact':
      return yield* details(session, params, rows);
    case 'new':
      return yield* newSince(session, act);
    case 'text':
      return { text: isWhole(screen, rows) ? markedText(screen) : yield* textSteps(screen, rows) };
    case 'ansi':
      return { text: yield* ansiSteps(yield* styledLineSteps(screen, rows)) };
    case 'html':
      return { text: yield* htmlSteps(yield* pictureSteps(screen, rows), { theme }) };
    case 'svg':
      return { text: yield* svgSteps(yield* pictureSteps(screen, rows), { theme }) };
    case 'png':
      return { picture: yield* pictureSteps(screen, rows) };
  }
}

function* textOrChanges(session: Session, { since }: Params, rows: Rows): Steps<Partial<Description>> {
  const { screen } = session;
  if (!isWhole(screen, rows)) return { text: yield* textSteps(screen, rows) };
  const past = since === undefined ? undefined : session.pastLooks.find(since);
  const changes = past && diffSince(past, screen);
  if (changes && since !== undefined) return { changes: { since, ...changes } };
  // It is kept for who looks again before anything has changed.
  if (screen.size.cols * screen.size.rows <= CELLS_AT_ONCE) return { text: screen.text() };
  return { text: yield* textSteps(screen, rows) };
}

function* details(session: Session, { styles, elements }: Params, rows: Rows): Steps<Partial<Description>> {
  const lines = styles ? yield* styledLineSteps(session.screen, rows) : undefined;
  return {
    ...(lines && { lines: lines.map(spansInWords) }),
    ...(elements && {
      elements: elementsOf(session).filter(
        ({ row, height }) => row + height > rows.first && row <= rows.last,
      ),
    }),
  };
}

function isWhole(screen: Screen, { first, last }: Rows): boolean {
  return first === 0 && last === screen.size.rows - 1;
}

function spansInWords(line: StyledLine): NonNullable<Description['lines']>[number] {
  return line.map(({ underlineColor, ...span }) =>
    underlineColor === undefined ? span : { ...span, underline_color: underlineColor },
  );
}
