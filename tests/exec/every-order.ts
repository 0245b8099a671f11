/** Plays something in every order in which it can go: each choice is tried, and what is the same again is not. */

/** @param key all that what follows depends on @returns a number below `count` */
export type Choose = (key: string, count: number) => number;

class SeenBefore extends Error {}

/** @returns how many orders were played to their end, or to where they were as another had been */
export function everyOrder(play: (choose: Choose) => void): number {
  const seen = new Set<string>();
  const left: number[][] = [[]];
  let played = 0;
  for (let prefix = left.pop(); prefix; prefix = left.pop()) {
    const choices: number[] = [];
    const given = prefix;
    played += 1;
    try {
      play((key, count) => {
        const index = choices.length;
        const choice = given[index] ?? 0;
        if (index >= given.length) {
          if (seen.has(key)) throw new SeenBefore();
          seen.add(key);
          for (let other = 1; other < count; other++) left.push([...choices, other]);
        }
        choices.push(choice);
        return choice;
      });
    } catch (error) {
      if (!(error instanceof SeenBefore)) throw error;
    }
  }
  return played;
}
