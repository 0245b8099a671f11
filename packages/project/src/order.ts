/** The order in which sessions can be started: each after what it depends on. */
interface Node {
  key: string;
  dependsOn: readonly { key: string }[];
}

/**
 * @returns `circles`: names of which each depends on the next, the first at the end again; where there are any, what is in
 * one stands in no order
 */
export function inOrder<T extends Node>(sessions: readonly T[]): { ordered: T[]; circles: string[][] } {
  const byKey = new Map(sessions.map((session) => [session.key, session]));
  const ordered = new Set<T>();
  const circles: string[][] = [];
  const way: string[] = [];
  const visit = (session: T): void => {
    if (ordered.has(session)) return;
    const begun = way.indexOf(session.key);
    if (begun !== -1) {
      circles.push([...way.slice(begun), session.key]);
      return;
    }
    way.push(session.key);
    for (const { key } of session.dependsOn) {
      const dependency = byKey.get(key);
      if (dependency) visit(dependency);
    }
    way.pop();
    ordered.add(session);
  };
  for (const session of sessions) visit(session);
  return { ordered: [...ordered], circles };
}

/** Those of these names, and all that they depend on. */
export function withDependencies<T extends Node>(sessions: readonly T[], keys: Iterable<string>): T[] {
  const wanted = new Set(keys);
  // Each stands after what it depends on.
  for (const { key, dependsOn } of [...sessions].reverse())
    if (wanted.has(key)) for (const dependency of dependsOn) wanted.add(dependency.key);
  return sessions.filter(({ key }) => wanted.has(key));
}
