/** The members of an answer, as `--fields` names them: of all that has no members of its own. */
export function pathsIn(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((element) => pathsIn(element, path));
  if (typeof value !== 'object' || value === null) return path === '' ? [] : [path];
  const inner = Object.entries(value).flatMap(([name, member]) =>
    pathsIn(member, path === '' ? name : `${path}.${name}`),
  );
  return inner.length > 0 || path === '' ? inner : [path];
}
