/** Calls that the prompts and the docs show are calls that the tools take. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readArguments } from '../../packages/mcp/src/read-arguments.ts';
import { promptOf, prompts } from '../../packages/mcp/src/teaching.ts';
import { tools } from '../../packages/mcp/src/tools/index.ts';

/** 'send {"session":"x"}' anywhere in a text. */
function callsIn(text: string): [name: string, given: Record<string, unknown>][] {
  const names = tools.map(({ name }) => name).join('|');
  return [...text.matchAll(new RegExp(`\\b(${names}) (?=\\{")`, 'g'))].map(
    ({ 0: whole, 1: name = '', index }) => [name, firstObject(text.slice(index + whole.length))],
  );
}

function firstObject(text: string): Record<string, unknown> {
  for (let end = text.indexOf('}'); end !== -1; end = text.indexOf('}', end + 1)) {
    try {
      return JSON.parse(text.slice(0, end + 1));
    } catch {
      // An inner brace.
    }
  }
  throw new Error(`no object: ${text}`);
}

const docs = readFileSync(fileURLToPath(new URL('../../docs/mcp.md', import.meta.url)), 'utf8');
const lines = docs.split('\n').filter((line) => line.startsWith('{"name"'));
const shown = [
  ...prompts.flatMap(({ name }) =>
    callsIn(JSON.stringify(promptOf(name)?.messages[0]?.content).replaceAll('\\"', '"')),
  ),
  ...callsIn(docs),
  ...lines.map((line) => JSON.parse(line)).map(({ name, arguments: given }) => [name, given] as const),
];

test('there are such calls', () => expect(shown.length).toBeGreaterThanOrEqual(12));

test.for(shown)('%s %j', ([name, given]) => {
  const tool = tools.find((one) => one.name === name);
  if (tool === undefined) throw new Error(`no tool ${name}`);
  expect(readArguments(tool, given)).toMatchObject(given);
});
