import type { Serving } from '@pilotty/app-mcp';
import { callerEnvironment, type ErrorBody, RequestError } from '@pilotty/client';
import { requireDecoded } from '@pilotty/client/node';
import { command, flag, nonEmpty, oneOf, value } from '../command.ts';
import { MCP_CLIENTS, mcpConfig, startOf } from '../mcp-config.ts';
import { printJson, printNotes } from '../output.ts';
import { loadProgram, programPath } from '../programs.ts';

interface Program {
  serve(serving: Serving): Promise<ErrorBody | undefined>;
}

const options = {
  tools: value(
    'WHICH',
    nonEmpty,
    "the tools it offers: 'all', 'read-only', or names with commas (default: the twelve that most work needs)",
  ),
  boundary: flag('mark what programs print with a nonce, so that a model can tell it from instructions'),
  'print-config': value(
    'CLIENT',
    oneOf(...MCP_CLIENTS),
    `print what that client's configuration needs: ${MCP_CLIENTS.join(', ')}`,
  ),
};

export const declaration = command({
  name: 'mcp',
  summary: 'serve AI agents over the Model Context Protocol',
  description: `An MCP client starts it, and speaks to it on stdin and stdout; it ends when stdin is closed. Sessions belong to the
daemon and stay; the daemon is started with the first session. The same is served over HTTP by 'pilotty serve' at /mcp.
A call is answered within 45 s: a wait that takes longer answers still_waiting, and goes on. With -H it serves the sessions
of that host, with --fleet those of all hosts of a fleet, called HOST/NAME. See docs/mcp.md.`,
  options,
  examples: [
    ['pilotty mcp --print-config claude > .mcp.json', 'for Claude Code, in this project'],
    ['pilotty mcp --print-config codex >> ~/.codex/config.toml', 'for Codex'],
    ['pilotty mcp --tools read-only', 'an agent that may look, and not act'],
    ['pilotty mcp --fleet nats://nats.example/ci', 'the sessions of all hosts of a fleet'],
  ],
  startsDaemon: false,
  needsProcess: () => true,
  answer: { only: 'type client file text command' },
  batchUnsupportedReason: () => 'it speaks another protocol on stdin and stdout',
  async run(given, io) {
    const { tools, boundary, 'print-config': client } = given;
    if (client !== undefined) {
      const words = [
        ...(given.host === undefined ? [] : ['--host', given.host]),
        ...(given.fleet === undefined ? [] : ['--fleet', given.fleet]),
        ...(given['remote-path'] === undefined ? [] : ['--remote-path', given['remote-path']]),
        ...(tools === undefined ? [] : ['--tools', tools]),
        ...(boundary ? ['--boundary'] : []),
      ];
      const program = programPath(io, 'pilotty.cjs');
      const config = mcpConfig(client, startOf(io.node.path, program, words));
      if (given.json) await printJson(io.stdout, { type: 'mcp_config', client, ...config });
      else await io.stdout.write(config.text);
      if (!given.json) await printNotes(io.stderr, notesOf(config));
      return 0;
    }
    // Sessions inherit it.
    const variables = Object.keys(callerEnvironment(io.env));
    await requireDecoded(io, { variables, directory: io.cwd });
    const { serve } = (await loadProgram(programPath(io, 'pilotty-mcp.cjs'))) as Program;
    const error = await serve({ io, daemonProgram: io.daemonProgram, tools, hasBoundary: boundary });
    if (error !== undefined) throw RequestError.fromBody(error);
    io.signal.throwIfAborted();
    return 0;
  },
});

function notesOf({ file, command }: { file: string; command?: string }): string[] {
  return [`this is for ${file}`, ...(command === undefined ? [] : [`or run: ${command}`])];
}
