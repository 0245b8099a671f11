/** The order in which sessions can be started: each after what it depends on. */
interface Node {
  key: string;
  dependsOn: readonly { key: string }[];
}

/** @returns `circle`: names of which each depends on the next, the first at the end again; then nothing is in order */
export function inOrder<T extends Node>(
  sessions: readonly T[],
): { ordered: T[]; circle: string[] | undefined } {
  const byKey = new Map(sessions.map((session) => [session.key, session]));
  const ordered = new Set<T>();
  const way: string[] = [];
  const visit = (session: T): string[] | undefined => {
    if (ordered.has(session)) return undefined;
    const begun = way.indexOf(session.key);
    if (begun !== -1) return [...way.slice(begun), session.key];
    way.push(session.key);
    for (const { key } of session.dependsOn) {
      const dependency = byKey.get(key);
      const circle = dependency && visit(dependency);
      if (circle) return circle;
    }
    way.pop();
    ordered.add(session);
    return undefined;
  };
  for (const session of sessions) {
    const circle = visit(session);
    if (circle) return { ordered: [...sessions], circle };
  }
  return { ordered: [...ordered], circle: undefined };
}

/** Those of these names, and all that they depend on. */
export function withDependencies<T extends Node>(sessions: readonly T[], keys: Iterable<string>): T[] {
  const wanted = new Set(keys);
  // Each stands after what it depends on.
  for (const { key, dependsOn } of [...sessions].reverse())
    if (wanted.has(key)) for (const dependency of dependsOn) wanted.add(dependency.key);
  return sessions.filter(({ key }) => wanted.has(key));
}
