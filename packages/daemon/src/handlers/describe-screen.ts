/** What an answer tells of a screen, in the format and to the extent that was asked for. */
import { type ParsedParams, RequestError, type Result } from '@pilotty/protocol';
import {
  diffSince,
  markedText,
  pictureOf,
  renderAnsi,
  renderHtml,
  renderSvg,
  type Screen,
  type StyledLine,
  styledLines,
} from '@pilotty/terminal';
import type { PngDrawer } from '../pictures/png-drawer.ts';
import { elementsOf } from '../session/elements.ts';
import { modesOf } from '../session/modes-of.ts';
import type { Session } from '../session/session.ts';

type Params = NonNullable<ParsedParams<'session.key'>['snapshot']>;
type Description = Omit<NonNullable<Result<'session.key'>['screen']>, 'outcome'>;

export async function describeScreen(
  session: Session,
  params: Params,
  drawer: PngDrawer,
): Promise<Description> {
  const { screen, exit } = session;
  const rows = rowsAsked(screen, params);
  const facts = {
    type: 'screen_state' as const,
    session: session.name,
    size: screen.size,
    cursor: screen.cursor,
    first_row: rows.first,
    ...shown(session, params, rows),
    content_hash: session.contentHash,
    revision: session.revision,
    seq: session.drawnSeq,
    title: screen.title,
    cwd: screen.cwd ?? null,
    alternate_screen: screen.alternateScreen,
    modes: modesOf(screen),
    ...(exit && { exit }),
  };
  session.pastLooks.remember(facts.revision, screen);
  if (params.format !== 'png') return facts;
  // The picture is a copy: what the program draws meanwhile is not on it.
  const png = await drawer.draw(pictureIn(screen, rows), params.theme);
  return { ...facts, data_base64: Buffer.from(png).toString('base64') };
}

/** Rows of the screen, counted from 0, both included; negative ones are above it. */
interface Rows {
  first: number;
  last: number;
}

/** As many of the rows asked for as there are. */
function rowsAsked(screen: Screen, { rows, scrollback }: Params): Rows {
  const bottom = screen.size.rows - 1;
  const asked = rows ?? { first: -scrollback, last: bottom };
  if (asked.first > bottom) {
    throw new RequestError(
      'INVALID_INPUT',
      `The screen has the rows 0 to ${bottom}: there is no row ${asked.first}`,
    );
  }
  const above = asked.first < 0 ? screen.scrollbackTexts(-asked.first).length : 0;
  const first = Math.min(Math.max(asked.first, -above), bottom);
  return { first, last: Math.min(Math.max(asked.last, first), bottom) };
}

function shown(session: Session, params: Params, rows: Rows): Partial<Description> {
  const { screen } = session;
  switch (params.format) {
    case 'full':
      return { ...textOrChanges(session, params, rows), ...details(session, params, rows) };
    case 'compact':
      return details(session, params, rows);
    case 'text':
      return { content: isWhole(screen, rows) ? markedText(screen) : textOf(screen, rows) };
    case 'ansi':
      return { content: renderAnsi(linesOf(screen, rows)) };
    case 'html':
      return { content: renderHtml(pictureIn(screen, rows), { theme: params.theme }) };
    case 'svg':
      return { content: renderSvg(pictureIn(screen, rows), { theme: params.theme }) };
    case 'png':
      return {};
  }
}

function textOrChanges(session: Session, { since }: Params, rows: Rows): Partial<Description> {
  const { screen } = session;
  const past = since === undefined ? undefined : session.pastLooks.find(since);
  const changes = past && isWhole(screen, rows) ? diffSince(past, screen) : undefined;
  return changes && since !== undefined ? { changes: { since, ...changes } } : { text: textOf(screen, rows) };
}

function details(session: Session, { styles, elements }: Params, rows: Rows): Partial<Description> {
  return {
    ...(styles && { lines: linesOf(session.screen, rows).map(spansInWords) }),
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

function textOf(screen: Screen, { first, last }: Rows): string {
  const above = first < 0 ? screen.scrollbackTexts(-first) : [];
  const all = [...above, ...screen.rowTexts()];
  const start = first + above.length;
  return all
    .slice(start, start + last - first + 1)
    .join('\n')
    .replace(/\n+$/, '');
}

function linesOf(screen: Screen, { first, last }: Rows): StyledLine[] {
  const scrollback = Math.max(0, -first);
  const start = first + scrollback;
  return styledLines(screen, { scrollback }).slice(start, start + last - first + 1);
}

function pictureIn(screen: Screen, { first, last }: Rows): ReturnType<typeof pictureOf> {
  const scrollback = Math.max(0, -first);
  return pictureOf(screen, { scrollback, rows: { first: first + scrollback, last: last + scrollback } });
}

function spansInWords(line: StyledLine): NonNullable<Description['lines']>[number] {
  return line.map(({ underlineColor, ...span }) =>
    underlineColor === undefined ? span : { ...span, underline_color: underlineColor },
  );
}
