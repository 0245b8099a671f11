#!/usr/bin/env node
/** The process behind the command line; nothing else touches `process`. */
import { join } from 'node:path';
import { RequestError } from '@pilotty/client';
import { createLocalClient } from '@pilotty/client/node';
import { Interruption, type Io, type Output } from './io.ts';
import { runProgram } from './program.ts';

const interruption = new AbortController();

void main();

async function main(): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    // Once: whoever asks a second time does not want to wait for a polite end.
    process.once(signal, () => interruption.abort(new Interruption(signal)));
  }
  const io: Io = {
    // Opened when first used: most commands write one of them.
    stdout: outputTo(
      () => process.stdout,
      (error) => {
        // Whoever read it is gone, and so is the reason to go on.
        if (error.code === 'EPIPE') interruption.abort(new Interruption('SIGPIPE'));
        throw new RequestError('INVALID_INPUT', `stdout cannot be written: ${error.message}`, {
          suggestion: 'Send it elsewhere, or make room where it goes.',
        });
      },
    ),
    stderr: outputTo(
      () => process.stderr,
      () => {
        // There is nobody left to tell.
      },
    ),
    stdin,
    readStdin,
    env: process.env,
    cwd: currentDirectory(),
    signal: interruption.signal,
    node: { version: process.versions.node, path: process.execPath },
    // The build puts the programs side by side.
    daemonProgram: join(import.meta.dirname, 'pilotty-daemon.cjs'),
    gatewayProgram: join(import.meta.dirname, 'pilotty-gateway.cjs'),
  };
  // No process.exit(): what is still on its way to a pipe would be cut off.
  process.exitCode = await runProgram(process.argv.slice(2), io, (asked) =>
    createLocalClient({
      env: io.env,
      cwd: io.cwd,
      get daemonProgram() {
        return asked.startsDaemon ? io.daemonProgram : undefined;
      },
      warn: (message) => void io.stderr.write(`warning: ${message}\n`),
    }),
  );
}

function outputTo(open: () => NodeJS.WriteStream, failed: (error: NodeJS.ErrnoException) => void): Output {
  let opened: NodeJS.WriteStream | undefined;
  const stream = () => {
    if (opened === undefined) {
      opened = open();
      // The write's own promise tells; without a listener Node would end the process.
      opened.on('error', () => {});
    }
    return opened;
  };
  return {
    get isTty() {
      return stream().isTTY === true;
    },
    write: (data) =>
      new Promise<void>((resolve, reject) => {
        stream().write(data, (error) => (error ? reject(error) : resolve()));
      }).catch(failed),
  };
}

function stdin(): AsyncIterable<Uint8Array> {
  interruption.signal.addEventListener('abort', () => process.stdin.destroy());
  return process.stdin;
}

async function readStdin(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stdin()) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function currentDirectory(): string {
  try {
    return process.cwd();
  } catch {
    // It has been removed; commands that need none must still work.
    return process.env.PWD ?? '/';
  }
}
