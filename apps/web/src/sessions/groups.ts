/** Sessions as the page lays them out: those that fit the filter, by their first tag. */
/** What of a session is looked at. */
interface Found {
  name: string;
  command: string;
  title?: string | undefined;
  tags: readonly string[];
}

export interface Group<Session> {
  /** Nothing for sessions without a tag, which come last. */
  tag: string | undefined;
  sessions: Session[];
}

/**
 * Every word of the filter must stand in the name, the command, the title or a tag; `#word` is about tags alone, and
 * `is:word` about what the session is.
 */
export function matching<Session extends Found>(
  sessions: readonly Session[],
  filter: string,
  statesOf: (session: Session) => readonly string[] = () => [],
): Session[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return sessions.filter((session) =>
    words.every((word) =>
      word.startsWith('is:')
        ? statesOf(session).some((state) => state.startsWith(word.slice(3)))
        : fits(session, word),
    ),
  );
}

function fits({ name, command, title = '', tags }: Found, word: string): boolean {
  const isIn = (text: string, part: string) => text.toLowerCase().includes(part);
  if (word.startsWith('#')) return tags.some((tag) => isIn(tag, word.slice(1)));
  return [name, command, title, ...tags].some((text) => isIn(text, word));
}

export function groupsOf<Session extends Found>(sessions: readonly Session[]): Group<Session>[] {
  const groups = new Map<string | undefined, Session[]>();
  for (const session of sessions) {
    const [tag] = session.tags;
    groups.set(tag, [...(groups.get(tag) ?? []), session]);
  }
  return [...groups]
    .map(([tag, members]) => ({ tag, sessions: members }))
    .sort((one, other) => {
      if (one.tag === undefined) return 1;
      if (other.tag === undefined) return -1;
      return one.tag.localeCompare(other.tag, undefined, { numeric: true });
    });
}
