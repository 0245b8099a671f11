/** A screen as an answer describes it, in the requested format and extent. */
import { type ParsedParams, RequestError } from '@pilotty/protocol';
import {
  ansiSteps,
  diffSince,
  type Element,
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
import { atOnce, awaited, type Work } from '../at-once.ts';
import type { Call } from '../call.ts';
import type { InputMark } from '../input/input-mark.ts';
import type { Rendered, Steps } from '../pictures/renderings.ts';
import type { PastScreen } from '../session/past-screen.ts';
import { type ScreenState, type ShownScreen, screenFacts } from '../session/screen-state.ts';
import type { Session } from '../session/session.ts';
import { elementsOf } from './elements.ts';
import { newSince } from './new-since.ts';
import type { Services } from './services.ts';

type Params = NonNullable<ParsedParams<'session.key'>['snapshot']>;
type Description = Omit<ScreenState, 'outcome'>;
type Content = Partial<Description> & { picture?: Picture };

/** The text of so many takes less than a millisecond. */
const CELLS_AT_ONCE = 20_000;

interface Looked {
  /** What is new is counted from it (default: the last one). */
  act?: InputMark | undefined;
  /** Is called when the screen is as it is described; more than once where it begins again, and then the last counts. */
  look?(): void;
}

export function describeScreen(
  session: Session,
  params: Params,
  services: Services,
  call: Call,
  { act = session.acts.last, look }: Looked = {},
): Description | Promise<Description> {
  const live = () => {
    look?.();
    return shown(session, params, rowsAsked(session.screen, params), act);
  };
  return atOnce(describe(session, params, live, services, call));
}

/** As it was: nothing on it is new, and nothing can be clicked. */
export function describePastScreen(
  past: PastScreen,
  params: Params,
  services: Services,
  call: Call,
): Description | Promise<Description> {
  const drawn = () => drawnAs(past.screen, params, rowsAsked(past.screen, params));
  return atOnce(describe(past, params, drawn, services, call));
}

function* describe(
  shown: ShownScreen & Rendered,
  params: Params,
  content: () => Steps<Content>,
  { drawer, renderings }: Services,
  call: Call,
): Work<Description> {
  const described = yield* awaited(
    renderings.render(shown, () => description(shown, params, content), {
      tooLong: () => answerTooLong('session.snapshot'),
      ready: () => call.ready(),
    }),
  );
  if (described.picture === undefined) return described;
  const { picture, ...facts } = described;
  // The picture is a copy: what the program draws meanwhile is not on it.
  const png = yield* awaited(drawer.draw(picture, params.theme, call));
  return { ...facts, data_base64: Buffer.from(png).toString('base64') };
}

function* description(
  shown: ShownScreen,
  params: Params,
  content: () => Steps<Content>,
): Steps<Description & { picture?: Picture }> {
  const { screen, reference } = shown;
  const { first } = rowsAsked(screen, params);
  const described = yield* content();
  return {
    type: 'screen_state' as const,
    ...reference,
    ...(params.format !== 'full' && { format: params.format }),
    size: screen.size,
    cursor: screen.cursor,
    ...(first !== 0 && { first_row: first }),
    ...described,
    ...screenFacts(shown),
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

function* shown(session: Session, params: Params, rows: Rows, act: InputMark): Steps<Content> {
  const { format } = params;
  if (format === 'new') return yield* newSince(session, act);
  const elements = params.elements ? { elements: elementsOn(session, rows) } : {};
  const changes = format === 'full' ? changesSince(session, params, rows) : undefined;
  if (changes === undefined) return { ...(yield* drawnAs(session.screen, params, rows)), ...elements };
  return { changes, ...(yield* styledRows(session.screen, params, rows)), ...elements };
}

/** What the screen alone shows. */
function* drawnAs(screen: Screen, params: Params, rows: Rows): Steps<Content> {
  const { format, theme } = params;
  switch (format) {
    case 'full':
      return { text: yield* wholeText(screen, rows), ...(yield* styledRows(screen, params, rows)) };
    case 'compact':
    case 'new':
      return yield* styledRows(screen, params, rows);
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

function changesSince(session: Session, { since }: Params, rows: Rows): Description['changes'] {
  if (since === undefined || !isWhole(session.screen, rows)) return undefined;
  const past = session.pastLooks.find(since);
  const changes = past && diffSince(past, session.screen);
  return changes && { since, ...changes };
}

function* wholeText(screen: Screen, rows: Rows): Steps<string> {
  // It is kept for who looks again before anything has changed.
  if (isWhole(screen, rows) && screen.size.cols * screen.size.rows <= CELLS_AT_ONCE) return screen.text();
  return yield* textSteps(screen, rows);
}

function* styledRows(screen: Screen, { styles }: Params, rows: Rows): Steps<Partial<Description>> {
  const lines = styles ? yield* styledLineSteps(screen, rows) : undefined;
  return { ...(lines && { lines: lines.map(spansInWords) }) };
}

function elementsOn(session: Session, { first, last }: Rows): Element[] {
  return elementsOf(session).filter(({ row, height }) => row + height > first && row <= last);
}

function isWhole(screen: Screen, { first, last }: Rows): boolean {
  return first === 0 && last === screen.size.rows - 1;
}

function spansInWords(line: StyledLine): NonNullable<Description['lines']>[number] {
  return line.map(({ underlineColor, ...span }) =>
    underlineColor === undefined ? span : { ...span, underline_color: underlineColor },
  );
}
