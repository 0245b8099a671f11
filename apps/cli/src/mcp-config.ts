/** What an MCP client has in its configuration to start `pilotty mcp`: for each client its file, and the text for it. */

export const MCP_CLIENTS = ['claude', 'codex', 'gemini', 'cursor', 'vscode'] as const;
export type McpClient = (typeof MCP_CLIENTS)[number];

export interface McpConfig {
  /** Where it goes. */
  file: string;
  text: string;
  /** What does the same without an editor. */
  command?: string;
}

interface Start {
  command: string;
  args: string[];
}

/** Loading a package over the network takes longer than clients wait for a server. */
const NPX_STARTUP_SECONDS = 60;

/**
 * How the client is to start us: by absolute paths, because one that was started from a desktop has another PATH than a
 * shell. From npx, which removes what it has not run for a while, by npx again.
 */
export function startOf(nodePath: string, program: string, options: readonly string[]): Start {
  if (program.includes('/_npx/')) return { command: 'npx', args: ['-y', 'pilotty', 'mcp', ...options] };
  return { command: nodePath, args: [program, 'mcp', ...options] };
}

export function mcpConfig(client: McpClient, start: Start): McpConfig {
  const { command, args } = start;
  const stdio = { type: 'stdio', command, args };
  const named = (key: string, server: object) =>
    `${JSON.stringify({ [key]: { pilotty: server } }, null, 2)}\n`;
  switch (client) {
    case 'claude':
      return {
        file: '.mcp.json in the project, for all who work on it',
        text: named('mcpServers', stdio),
        command: `claude mcp add --scope user pilotty -- ${[command, ...args].map(quoted).join(' ')}`,
      };
    case 'codex':
      return {
        file: '~/.codex/config.toml',
        text: toml(start),
        command: `codex mcp add pilotty -- ${[command, ...args].map(quoted).join(' ')}`,
      };
    case 'gemini':
      return { file: '~/.gemini/settings.json', text: named('mcpServers', { command, args }) };
    case 'cursor':
      return {
        file: '~/.cursor/mcp.json, or .cursor/mcp.json in the project',
        text: named('mcpServers', stdio),
      };
    case 'vscode':
      return {
        file: '.vscode/mcp.json in the project',
        text: named('servers', stdio),
        command: `code --add-mcp ${quoted(JSON.stringify({ name: 'pilotty', command, args }))}`,
      };
  }
}

/** A string of JSON is one of TOML as well. */
function toml({ command, args }: Start): string {
  const lines = [
    '[mcp_servers.pilotty]',
    `command = ${JSON.stringify(command)}`,
    `args = ${JSON.stringify(args)}`,
  ];
  if (command === 'npx') lines.push(`startup_timeout_sec = ${NPX_STARTUP_SECONDS}`);
  return `${lines.join('\n')}\n`;
}

/** For a shell. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
