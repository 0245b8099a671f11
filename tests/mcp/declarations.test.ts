/** What every model pays for in every conversation, whether it uses a terminal or not. */
import { describe, expect, test } from 'vitest';
import { everyTool, offeredTools } from '../../packages/mcp/src/offered-tools.ts';
import { INSTRUCTIONS } from '../../packages/mcp/src/teaching.ts';

/**
 * Of JSON such as this a token is 4.1 characters for GPT's tokenizer (o200k), counted on 2026-11-28; the others that are
 * in use need up to a sixth more.
 */
const CHARACTERS_OF_A_TOKEN = 3.5;

const MAX_TOOLS = 12;
const MAX_TOKENS = 3_000;

function tokens(value: unknown): number {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return Math.ceil(text.length / CHARACTERS_OF_A_TOKEN);
}

const profile = offeredTools(undefined);

test('the default profile has twelve tools, and what is declared of them is short', () => {
  expect(profile.length).toBeLessThanOrEqual(MAX_TOOLS);
  // Titles and annotations are for the client; it shows them to people.
  const forTheModel = profile.map(({ name, description, inputSchema }) => ({
    name,
    description,
    inputSchema,
  }));
  expect(tokens(forTheModel)).toBeLessThanOrEqual(MAX_TOKENS);
  expect(tokens(INSTRUCTIONS)).toBeLessThanOrEqual(200);
});

describe.each(everyTool().map(({ declaration }) => declaration))('$name', (tool) => {
  test('says what it changes, and what it is for', () => {
    expect(tool.title).toMatch(/^[A-Z]/);
    expect(tool.description).toMatch(/^[A-Z].*[.…\]]$/);
    expect(Object.keys(tool.annotations ?? {}).sort()).toEqual([
      'destructiveHint',
      'idempotentHint',
      'openWorldHint',
      'readOnlyHint',
    ]);
    const { readOnlyHint, destructiveHint } = tool.annotations ?? {};
    expect(readOnlyHint && destructiveHint).toBe(false);
  });

  test('has a schema that every client understands', () => {
    expect(tool.inputSchema.type).toBe('object');
    // Some clients know no references and no schemas of several kinds at the top.
    expect(JSON.stringify(tool.inputSchema)).not.toMatch(/\$ref|\$defs|"allOf"|"not"/);
    for (const schema of Object.values(tool.inputSchema.properties ?? {}))
      expect(schema).toHaveProperty('type');
  });
});

test('a profile is all, those that only look, or names', () => {
  const names = (words: string | undefined) => offeredTools(words).map(({ name }) => name);
  expect(names('all').length).toBe(everyTool().length);
  expect(names('read-only')).not.toContain('send');
  expect(names('read-only')).toContain('look');
  expect(names('look, spawn')).toEqual(['spawn', 'look']);
  expect(() => names('look,sleep')).toThrow("There is no tool 'sleep'");
});
