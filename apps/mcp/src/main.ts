/**
 * The program behind `pilotty mcp`: the MCP server on this process' streams. The command loads it into its own process;
 * nothing but messages of the protocol is written to stdout.
 */
import { type Client, type ErrorBody, RequestError } from '@pilotty/client';
import { createLocalClient, loadHosts, type ProcessIo } from '@pilotty/client/node';
import { type Host, serveStreams } from '@pilotty/mcp';
import { readProjectFile } from './read-project-file.ts';

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

/** The daemon of another host. What sessions inherit there is asked for each. */
async function onOtherHost(
  text: string,
  { env, cwd }: Pick<ProcessIo, 'env' | 'cwd'>,
  warn: (message: string) => void,
): Promise<Pick<Host, 'connect' | 'readProjectFile' | 'surroundings'>> {
  const { createHostClient, parseHostAddress } = await loadHosts();
  const address = parseHostAddress(text);
  if ('problem' in address)
    throw new RequestError('INVALID_INPUT', `PILOTTY_HOST is '${text}', ${address.problem}`);
  const remotePath = env.PILOTTY_REMOTE_PATH || undefined;
  const connect = ({ startsDaemon }: { startsDaemon: boolean }) =>
    createHostClient({
      host: { address, remotePath, startsDaemon, env, cwd },
      client: env.PILOTTY_CLIENT ? { name: env.PILOTTY_CLIENT } : undefined,
      warn,
    });
  return {
    connect,
    readProjectFile: undefined,
    async surroundings() {
      const client = connect({ startsDaemon: true });
      try {
        const { home, ...inherited } = await client.surroundings();
        return { ...inherited, cwd: home };
      } finally {
        client.close();
      }
    },
  };
}

async function run({ io, daemonProgram, tools, hasBoundary }: Serving): Promise<void> {
  const { env, cwd } = io;
  const warn = (message: string) => void io.stderr.write(`warning: ${message}\n`);
  const host: Host = {
    env,
    surroundings: async () => ({ env, cwd, ...(await io.inheritance()) }),
    connect: ({ startsDaemon }): Client =>
      createLocalClient({ env, cwd, daemonProgram: startsDaemon ? daemonProgram : undefined, warn }),
    readProjectFile,
    // The command has checked it.
    ...(env.PILOTTY_HOST && (await onOtherHost(env.PILOTTY_HOST, { env, cwd }, warn))),
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
