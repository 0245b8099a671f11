/**
 * What a task needs of an answer for its next call.
 * @returns what the group of the pattern matched
 * @throws when the answer has no such part: the next call would be about nothing, and wait for it
 */
export function partOf(answer: string, pattern: RegExp): string {
  const [, part] = pattern.exec(answer) ?? [];
  if (part === undefined) throw new Error(`no ${pattern} in the answer: ${answer}`);
  return part;
}
