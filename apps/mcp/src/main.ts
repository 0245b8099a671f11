/**
 * The program behind `pilotty mcp`: the MCP server on this process' streams. The command loads it into its own process;
 * nothing but messages of the protocol is written to stdout.
 */
import { type Client, type ErrorBody, RequestError } from '@pilotty/client';
import { createLocalClient, type ProcessIo } from '@pilotty/client/node';
import { type Host, serveStreams } from '@pilotty/mcp';

export interface Serving {
  io: Pick<ProcessIo, 'env' | 'cwd' | 'inheritance' | 'signal' | 'stderr'>;
  daemonProgram: string;
  tools: string | undefined;
  hasBoundary: boolean;
}

/**
 * Resolves when the client has closed stdin, or the process was interrupted; with an error where it could not begin.
 * As an object: the command has classes of errors of its own.
 */
export async function serve(serving: Serving): Promise<ErrorBody | undefined> {
  try {
    await run(serving);
    return undefined;
  } catch (error) {
    if (error instanceof RequestError) return error.toBody();
    throw error;
  }
}

async function run({ io, daemonProgram, tools, hasBoundary }: Serving): Promise<void> {
  const host: Host = {
    env: io.env,
    cwd: io.cwd,
    inheritance: () => io.inheritance(),
    connect: ({ startsDaemon }): Client =>
      createLocalClient({
        env: io.env,
        cwd: io.cwd,
        daemonProgram: startsDaemon ? daemonProgram : undefined,
        warn: (message) => void io.stderr.write(`warning: ${message}\n`),
      }),
  };
  await serveStreams(
    { host, tools, hasBoundary },
    {
      input: process.stdin,
      output: process.stdout,
      signal: io.signal,
      failed: (error) => void io.stderr.write(`${error.message}\n`),
    },
  );
  // It may have been interrupted while the client has stdin open.
  process.stdin.destroy();
}
