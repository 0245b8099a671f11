/**
 * `--tools`: which tools a client is offered. Only what is declared of them is known here: what runs them is loaded with
 * the first call, because a client that starts a server wants the list at once.
 */
import type { Tool } from '@modelcontextprotocol/server';
import { RequestError } from '@pilotty/client';
import { DECLARATIONS } from './declarations.ts';

export interface Offered {
  isDefault: boolean;
  declaration: Tool;
}

let parsed: readonly Offered[] | undefined;

/** All of them, in the order of tools/list. */
export function everyTool(): readonly Offered[] {
  parsed ??= DECLARATIONS.trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Offered);
  return parsed;
}

/** @param words undefined: the default profile; 'all', 'read-only', or names with commas @throws RequestError INVALID_INPUT */
export function offeredTools(words: string | undefined): readonly Tool[] {
  const every = everyTool();
  const declarationsOf = (offered: readonly Offered[]) => offered.map(({ declaration }) => declaration);
  if (words === undefined) return declarationsOf(every.filter(({ isDefault }) => isDefault));
  const all = declarationsOf(every);
  if (words === 'all') return all;
  if (words === 'read-only') return all.filter(({ annotations }) => annotations?.readOnlyHint === true);
  const names = words.split(',').map((name) => name.trim());
  const unknown = names.filter((name) => !all.some((tool) => tool.name === name));
  if (unknown.length > 0) {
    throw new RequestError(
      'INVALID_INPUT',
      `There is no tool ${unknown.map((name) => `'${name}'`).join(', ')}`,
      {
        suggestion: `The tools are ${all.map(({ name }) => name).join(', ')}; 'all' and 'read-only' are groups of them.`,
      },
    );
  }
  return all.filter(({ name }) => names.includes(name));
}
