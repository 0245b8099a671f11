/** docs/mcp-tools.md, and what tools/list declares without making it anew. */
import * as z from 'zod';
import { declarationOf } from '../../packages/mcp/src/declaration.ts';
import type { Tool } from '../../packages/mcp/src/tool.ts';
import { tools } from '../../packages/mcp/src/tools/index.ts';
import type { Schema } from '../json-schema.ts';
import { memberRows } from './members.ts';
import { page, SOURCE, table } from './page.ts';

/** As tests/mcp/declarations.test.ts counts. */
const CHARACTERS_OF_A_TOKEN = 3.5;

/** What of a tool is shown to a model, in tokens. */
function tokensOf(tool: Tool): number {
  const { name, description, inputSchema } = declarationOf(tool);
  return Math.ceil(JSON.stringify({ name, description, inputSchema }).length / CHARACTERS_OF_A_TOKEN);
}

export function mcpToolsReference(): string {
  const effects = ({ readOnly, destructive, idempotent, openWorld }: Tool) =>
    readOnly
      ? 'changes nothing'
      : [
          destructive ? 'may destroy' : 'changes',
          idempotent ? 'twice is as once' : '',
          openWorld ? 'open world' : '',
        ]
          .filter(Boolean)
          .join(', ');
  const profile = tools.filter(({ isDefault }) => isDefault);
  const sum = profile.map(tokensOf).reduce((all, one) => all + one, 0);
  const rows = tools.map((tool) => [
    `[\`${tool.name}\`](#${tool.name})`,
    tool.isDefault ? 'default' : '',
    tool.title,
    effects(tool),
    String(tokensOf(tool)),
  ]);
  const sections = tools.flatMap((tool) => [
    `## ${tool.name}`,
    tool.description,
    // What is waited for is the same everywhere: the tool `wait` describes it.
    table(
      ['parameters', 'type', ''],
      memberRows(z.toJSONSchema(tool.params, { io: 'input' }) as Schema, '', 1),
    ),
  ]);
  return page(
    'Tools of the MCP server',
    `What \`pilotty mcp\` offers; [mcp.md](mcp.md) is how to use it. The default profile has ${profile.length} tools, whose declarations are
some ${sum} tokens, at ${CHARACTERS_OF_A_TOKEN} characters a token; GPT's tokenizer o200k makes one of 4.1 of them. \`--tools all\` offers all,
\`--tools read-only\` those that change nothing, \`--tools look,send\` those that are named.`,
    table(['tool', 'profile', 'what it does', 'effect', 'tokens'], rows),
    ...sections,
  );
}

/** A line of JSON for each tool. */
export function mcpDeclarations(): string {
  const lines = tools.map((tool) =>
    JSON.stringify({ isDefault: tool.isDefault, declaration: declarationOf(tool) }).replaceAll(
      '`',
      '\\u0060',
    ),
  );
  return `/**
 * ${SOURCE}
 *
 * The tools of the MCP server as tools/list declares them, each a line.
 */
export const DECLARATIONS = String.raw\`
${lines.join('\n')}
\`;
`;
}
