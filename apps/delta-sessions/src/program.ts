/**
 * From the words of a call to an exit code: finds the command, reads its words, runs it, and says what
 * goes wrong as the asked generation says it.
 */
import { resolve } from 'node:path';
import { ConnectionError, plainSentence, RequestError, safeJson } from '@pilotty/client';
import { Interruption, requireDecoded, signalExitCode } from '@pilotty/client/node';
import { readArguments, splitLine, wantsHelp } from './command-line.ts';
import { commands } from './commands/index.ts';
import type { Generation } from './generation.ts';
import { helpOf, overview, version } from './help.ts';
import type { Io } from './io.ts';
import { Log } from './log.ts';
import { Refusal } from './refusal.ts';
import { Daemons } from './sessions/daemons.ts';
import { SessionsDirectory } from './sessions/sessions-directory.ts';

const DEFAULT_DIRECTORY = '.sessions';

export async function runProgram(line: readonly string[], generation: Generation, io: Io): Promise<number> {
  try {
    await requireDecoded(io, { words: line, variables: ['PILOTTY_SOCKET_DIR', 'PILOTTY_REDACT'] });
    return await runLine(line, generation, io);
  } catch (error) {
    return await fail(error, generation, io);
  }
}

async function runLine(line: readonly string[], generation: Generation, io: Io): Promise<number> {
  const { name, words, sessionsDir = DEFAULT_DIRECTORY } = splitLine(line);
  if (name === '--help' || name === '-h' || name === 'help') return await print(overview(generation), io);
  if (name === '--version' || name === '-v') return await print(version(generation), io);
  const hint = `'${generation.program} --help' shows what there is.`;
  if (name === undefined) throw new Refusal('No command specified', hint);
  const command = commands.get(name);
  if (command === undefined) throw new Refusal(`Unknown command: ${name}`, hint);
  if (wantsHelp(command, words)) return await print(helpOf(name, command, generation), io);
  const given = readArguments(`${generation.program} ${name}`, command, words);
  const log = new Log(io.env.DELTA_LOG_LEVEL, generation.program, io.stderr);
  const daemons = new Daemons(io, log);
  const sessions = new SessionsDirectory(resolve(io.cwd, sessionsDir), daemons, `${generation.program} list`);
  log.debug(`${name} with the sessions of ${sessions.path}`);
  const began = performance.now();
  try {
    const code = await command.run(given, { io, generation, sessions });
    log.debug(`${name} took ${Math.round(performance.now() - began)} ms, and answers ${code}`);
    return code;
  } finally {
    daemons.close();
  }
}

async function print(text: string, io: Io): Promise<number> {
  await io.stdout.write(text);
  return 0;
}

async function fail(error: unknown, generation: Generation, io: Io): Promise<number> {
  const interruption = io.signal.reason as unknown;
  if (interruption instanceof Interruption) return await signalExitCode(interruption.signal);
  const { message, hint } = describe(error);
  if (generation.failsOnStdout) await io.stdout.write(`${safeJson({ error: message })}\n`);
  await io.stderr.write(`Error: ${plainSentence(message)}\n${hint === undefined ? '' : `${hint}\n`}`);
  return 1;
}

function describe(error: unknown): { message: string; hint?: string | undefined } {
  if (error instanceof Refusal) return error;
  if (error instanceof RequestError || error instanceof ConnectionError) {
    return { message: error.message, hint: error.suggestion };
  }
  return { message: error instanceof Error ? error.message : String(error) };
}
