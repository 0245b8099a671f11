/**
 * What `-H` of another host runs here: its stdin and stdout are a connection to the daemon, byte by byte, behind a line
 * that says who greets (packages/client/src/ssh/greeting.ts). It ends when either side ends. Each side is read only as
 * fast as the other takes it.
 */
import type { Socket } from 'node:net';
import { homedir } from 'node:os';
import { pipeline } from 'node:stream/promises';
import { ConnectionError, PROTOCOL, VERSION } from '@pilotty/client';
import { loadHosts, openConnection, openDaemon } from '@pilotty/client/node';
import { command, flag } from '../command.ts';
import type { Io } from '../io.ts';
import { errorBodyOf } from '../output.ts';
import { UsageError } from '../usage-error.ts';

export const declaration = command({
  name: 'connect',
  summary: 'what -H runs on the other host: a way to the daemon',
  description: `Not for people: 'pilotty -H ssh://HOST COMMAND' has ssh run it there. Nothing listens on the network. It starts the daemon
where none runs. As a forced command in authorized_keys, it is all that a key can do: see docs/hosts.md.`,
  options: { 'no-start': flag('start no daemon') },
  examples: [
    ['pilotty ls -H ssh://build.example', 'has ssh run it on build.example'],
    ['pilotty connect --no-start < /dev/null', 'the greeting alone: whether it works there'],
  ],
  startsDaemon: false,
  needsProcess: () => true,
  batchUnsupportedReason: () => 'it speaks the protocol on stdin and stdout',
  // PILOTTY_HOST may be set where we run.
  hostUnsupportedReason: ({ host }) => (host === undefined ? undefined : 'it is what -H runs there'),
  async run({ 'no-start': isNotStarted }, io) {
    if (io.stdinIsTty)
      throw new UsageError(
        'connect speaks the protocol on stdin, which is a terminal',
        "'pilotty -H ssh://HOST ls' has ssh run it on another host.",
      );
    const { greetingLine } = await loadHosts();
    let socket: Socket;
    try {
      socket = await open(io, !isNotStarted);
    } catch (error) {
      const is_absent = error instanceof ConnectionError && error.isAbsent;
      await io.stdout.write(greetingLine({ error: errorBodyOf(error), is_absent }));
      return 0;
    }
    try {
      const env = Object.fromEntries(
        Object.entries(io.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
      );
      const surroundings = { home: homedir(), env, ...(await io.inheritance()) };
      await io.stdout.write(greetingLine({ version: VERSION, protocol: PROTOCOL, surroundings }));
      await bridge(socket, io);
      return 0;
    } finally {
      // Who asked may be gone before the greeting: the socket alone would keep us, and we the link.
      socket.destroy();
    }
  },
});

async function open(io: Io, startsDaemon: boolean): Promise<Socket> {
  const options = {
    env: io.env,
    cwd: io.cwd,
    daemonProgram: startsDaemon ? io.daemonProgram : undefined,
    warn: (message: string) => void io.stderr.write(`warning: ${message}\n`),
  };
  const socket = await openDaemon(options, io.signal, (path, signal) => openConnection(path, { signal }));
  // What is wrong with it ends it, and then us.
  socket.on('error', () => {});
  return socket;
}

/** Until either side ends. What one has sent before its end still reaches the other. */
async function bridge(socket: Socket, io: Io): Promise<void> {
  const ended = new AbortController();
  const toDaemon = async () => {
    await pipeline(io.stdin(ended.signal), socket);
  };
  const fromDaemon = async () => {
    for await (const chunk of socket) await io.stdout.write(chunk);
  };
  await Promise.allSettled([
    toDaemon().finally(() => socket.destroy()),
    fromDaemon().finally(() => ended.abort()),
  ]);
}
