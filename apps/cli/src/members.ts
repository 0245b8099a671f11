/**
 * The members that an answer can have, as a tree: written `session wait{outcome match{row col}}`, where `*` has whatever
 * members it has.
 */
export interface Members {
  readonly [name: string]: Members;
}

const ANYTHING = '*';

/** @param shared trees by name: `screen{@screen}` has the members of the one that is called so */
export function parseMembers(text: string, shared: ReadonlyMap<string, Members> = new Map()): Members {
  const words = text.match(/[@\w*]+|[{}]/g) ?? [];
  let at = 0;
  const parse = (): Members => {
    const members: Record<string, Members> = {};
    for (; at < words.length; at++) {
      const word = words[at] as string;
      if (word === '}') break;
      if (word.startsWith('@')) {
        Object.assign(members, shared.get(word.slice(1)));
        continue;
      }
      members[word] = {};
      if (words[at + 1] !== '{') continue;
      at += 2;
      members[word] = parse();
    }
    return members;
  };
  return parse();
}

/** Undefined where there is none of that name. */
export function memberOf(members: Members, name: string): Members | undefined {
  if (Object.hasOwn(members, name)) return members[name];
  return Object.hasOwn(members, ANYTHING) ? members : undefined;
}

/** The names alone. */
export function namesIn(members: Members): string[] {
  return Object.keys(members).filter((name) => name !== ANYTHING);
}
