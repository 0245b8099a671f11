/**
 * One command line of the native client, from its hello to its exit code. The order is that of frames.ts: the command
 * runs only after GO, so a client that got no answer in time has had nothing done.
 */
import { constants } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { callerOf, type Io, outcomeOf, runProgram, runsIn } from '@pilotty/app-cli';
import { ConnectionError } from '@pilotty/client';
import { createLocalClient, type HostAddress, loadDaemonProcess } from '@pilotty/client/node';
import type { Answering, CommandConnection, Log } from '@pilotty/daemon';
import { DirectClient } from '../direct-client.ts';
import { build } from './build.ts';
import { encodeFrame, type Frame, FrameReader, frames } from './frames.ts';
import { type Hello, parseHello } from './hello.ts';
import { Hosts } from './hosts/hosts.ts';
import { RemoteIo } from './remote-io.ts';

export { runsIn };

/** Of all commands of this process. */
const hosts = new Hosts();

interface Around {
  daemon: Answering;
  log: Log;
  /** The directory of our programs. */
  programs: string;
}

export class RemoteCommand implements CommandConnection {
  readonly #socket: Duplex;
  readonly #around: Around;
  readonly #reader = new FrameReader();
  #hello: Hello | undefined;
  #start: (() => void) | undefined;
  #remote: RemoteIo | undefined;
  readonly #left = new AbortController();

  constructor(socket: Duplex, received: Buffer, around: Around) {
    this.#socket = socket;
    this.#around = around;
    socket.on('data', (bytes: Buffer) => this.#received(bytes));
    socket.on('close', () => {
      this.#left.abort();
      this.#remote?.lose();
    });
    this.#received(received);
  }

  get isGreeted(): boolean {
    return this.#hello !== undefined;
  }

  close(): void {
    // One that runs ends it itself.
    if (this.#remote === undefined) this.#socket.end();
  }

  #received(bytes: Buffer): void {
    try {
      for (const frame of this.#reader.push(bytes)) this.#take(frame);
    } catch (error) {
      this.#around.log.debug({ error: (error as Error).message }, 'a command connection broke');
      this.#socket.destroy();
    }
  }

  #take({ kind, payload }: Frame): void {
    if (this.#hello === undefined) void this.#greet(parseHello(payload));
    else if (kind === frames.go) this.#start?.();
    else if (kind === frames.ping) this.#send(frames.ping);
    else if (kind === frames.written) this.#remote?.written(payload.readUInt8(0), payload.readUInt8(1));
    else if (kind === frames.stdin) this.#remote?.read(payload);
    else if (kind === frames.signal) this.#remote?.interrupt(signalNamed(payload.readUInt8(0)));
  }

  async #greet(hello: Hello | undefined): Promise<void> {
    const { daemon } = this.#around;
    if (hello?.build !== build || daemon.isStopping) return this.#refuse();
    this.#hello = hello;
    const where = await runsIn(hello.argv, hello.env);
    if (where === 'own process') return this.#refuse();
    const host = where === 'daemon' ? undefined : where.overConnectionTo;
    // ssh is started as the client's environment says, which is more than a policy would let it do.
    if (host && (daemon.hasPolicy || !(await hosts.isConnected(host, hello, this.#left.signal))))
      return this.#refuse();
    this.#start = () => {
      this.#start = undefined;
      void this.#run(hello);
    };
    this.#send(frames.accepted, await farewell(hello, host));
  }

  async #run(hello: Hello): Promise<void> {
    const { daemon, log, programs } = this.#around;
    this.#remote = new RemoteIo(hello, (kind, payload) => this.#send(kind, payload));
    const io: Io = {
      ...this.#remote.io,
      node: { version: process.versions.node, path: process.execPath },
      daemonProgram: join(programs, 'pilotty-daemon.cjs'),
      hostClient: (options) => hosts.lend(options),
    };
    const exitCode = await runProgram(hello.argv, io, (asked) => {
      const { env, cwd, parent } = hello;
      const client = { ...callerOf(asked, env), pid: parent };
      const daemonProgram = asked.startsDaemon ? io.daemonProgram : undefined;
      // Another version was wanted.
      const warn = () => {};
      const successor = () => createLocalClient({ env, cwd, daemonProgram, warn, client });
      return new DirectClient(daemon, log, { client, successor });
    });
    this.#send(frames.exit, Buffer.of(exitCode & 0xff));
    this.#socket.end();
  }

  #refuse(): void {
    this.#send(frames.ownProcess);
    this.#socket.end();
  }

  #send(kind: number, payload?: Uint8Array): void {
    if (this.#socket.writable) this.#socket.write(encodeFrame(kind, payload));
  }
}

/** What the client says should this process end, not answer, or be stopped while it waits: then it cannot be asked. */
async function farewell({ argv, stderrIsTty }: Hello, host: HostAddress | undefined): Promise<Buffer> {
  const { pid } = process;
  const { notAnswering } = await loadDaemonProcess();
  const reasons = [
    host === undefined
      ? new ConnectionError('the daemon closed the connection')
      : new ConnectionError('the daemon of this host, which ran the command, has ended', {
          suggestion: `Sessions on ${host.text} go on. What was asked may have been done: look before you ask it again.`,
        }),
    notAnswering({ pid, isStopped: false }),
    notAnswering({ pid, isStopped: true }),
  ];
  const [lost, ...silent] = await Promise.all(reasons.map((error) => outcomeOf(error, argv, stderrIsTty)));
  const head = Buffer.alloc(5);
  head.writeUInt8(lost?.exitCode ?? 1, 0);
  head.writeUInt32LE(pid, 1);
  const texts = [lost, ...silent].map((outcome) => `${outcome?.stderr}\0`);
  return Buffer.concat([head, Buffer.from(texts.join(''))]);
}

function signalNamed(number: number): NodeJS.Signals {
  const [name = 'SIGTERM'] = Object.entries(constants.signals).find(([, value]) => value === number) ?? [];
  return name as NodeJS.Signals;
}
