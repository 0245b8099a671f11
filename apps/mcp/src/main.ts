/**
 * The program behind `pilotty mcp`: the MCP server on this process' streams. The command loads it into its own process;
 * nothing but messages of the protocol is written to stdout.
 */
import { dirname } from 'node:path';
import { type ErrorBody, RequestError, startingClient, startingThere } from '@pilotty/client';
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
  const { env, cwd } = io;
  const warn = (message: string) => void io.stderr.write(`warning: ${message}\n`);
  // Most servers are for this host, and each conversation waits for its server.
  const elsewhere =
    env.PILOTTY_HOST || env.PILOTTY_FLEET
      ? await (await import('@pilotty/app-fleet/elsewhere')).openElsewhere({
          env,
          cwd,
          programs: dirname(daemonProgram),
          warn,
        })
      : undefined;
  const host: Host = {
    env,
    readsProjects: elsewhere === undefined,
    connect: ({ startsDaemon }) => {
      if (elsewhere !== undefined)
        return startingThere(
          elsewhere.borrow({
            startsDaemon: () => startsDaemon,
            name: () => undefined,
            scope: () => env.PILOTTY_SCOPE || undefined,
          }),
        );
      const options = { env, cwd, warn, ...(startsDaemon && { daemonProgram }) };
      return startingClient(createLocalClient(options), async () => ({
        env,
        cwd,
        ...(await io.inheritance()),
      }));
    },
  };
  try {
    await serveStreams(
      { host, tools, hasBoundary },
      {
        input: process.stdin,
        output: process.stdout,
        signal: io.signal,
        failed: (error) => void io.stderr.write(`${error.message}\n`),
      },
    );
  } finally {
    elsewhere?.close();
  }
  // It may have been interrupted while the client has stdin open.
  process.stdin.destroy();
}
