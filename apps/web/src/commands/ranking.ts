/** Finds commands by some of their letters, in order; the best match first, and what was used last before its like. */
import type { Command } from './commands.ts';

/** Titles, the one used last at the end. */
const recent: string[] = [];
const MAX_RECENT = 20;

export function used({ title }: Command): void {
  const index = recent.indexOf(title);
  if (index >= 0) recent.splice(index, 1);
  recent.push(title);
  if (recent.length > MAX_RECENT) recent.shift();
}

export function ranked(commands: readonly Command[], text: string): Command[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return commands
    .map((command, index) => ({ command, index, score: scoreOf(command, words) }))
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score || one.index - other.index)
    .map(({ command }) => command);
}

/** 0 where it does not match. */
function scoreOf({ title, hint = '' }: Command, words: readonly string[]): number {
  const recency = (recent.indexOf(title) + 1) / (MAX_RECENT + 1);
  let score = 1 + recency;
  for (const word of words) {
    const found = Math.max(scoreOfWord(title.toLowerCase(), word), scoreOfWord(hint.toLowerCase(), word) / 4);
    if (found === 0) return 0;
    score += found;
  }
  return score;
}

/** Whole beginnings of words count most, then parts, then letters in order: more, the closer they stand. */
function scoreOfWord(text: string, word: string): number {
  if (` ${text}`.includes(` ${word}`)) return 100;
  if (text.includes(word)) return 60;
  let [at, gaps] = [-1, 0];
  for (const letter of word) {
    const next = text.indexOf(letter, at + 1);
    if (next < 0) return 0;
    const isBeginning = next === 0 || text[next - 1] === ' ' || text[next - 1] === '-';
    if (at >= 0 && !isBeginning) gaps += next - at - 1;
    at = next;
  }
  return 40 / (1 + gaps);
}
