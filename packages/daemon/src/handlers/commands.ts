import { RequestError, type Result } from '@pilotty/protocol';
import type { ShellCommand } from '../session/command-log.ts';
import type { Session } from '../session/session.ts';
import { parsedUpTo } from '../waiting/conditions.ts';
import { waitUntil } from '../waiting/wait.ts';
import type { Handlers } from './handler.ts';

export const commandHandlers: Handlers<'session.commands'> = {
  'session.commands': async (services, { session: target, tail }, call) => {
    const session = services.sessions.get(target);
    await waitUntil(session, parsedUpTo(session), call);
    requireMarks(session);
    const { commands } = session.commands;
    const wanted = tail === undefined ? commands : commands.slice(Math.max(0, commands.length - tail));
    return { type: 'commands', ...session.reference, commands: wanted.map(described) };
  },
};

type Described = Result<'session.commands'>['commands'][number];

function described(command: ShellCommand): Described {
  const { number, commandLine, cwd, startedAt, endedAt, outputStart, outputEnd, isFinished } = command;
  return {
    number,
    command: commandLine ?? null,
    state: isFinished ? 'finished' : 'running',
    exit_code: command.exitCode ?? null,
    started_at: new Date(startedAt / 1000).toISOString(),
    duration_ms: endedAt === undefined ? null : Math.round((endedAt - startedAt) / 1000),
    cwd: cwd ?? null,
    output_range: { start: outputStart, end: outputEnd ?? null },
    ...(command.isAnswered && { answered: true as const }),
  };
}

/**
 * @param number counted from 1, or from the last one backwards: -1
 * @throws RequestError INVALID_INPUT when there is no such command, UNAVAILABLE when none is known at all
 */
export function commandOf(session: Session, number: number): ShellCommand {
  requireMarks(session);
  const { commands, count } = session.commands;
  const wanted = number < 0 ? count + 1 + number : number;
  const found = commands.find((command) => command.number === wanted);
  if (found) return found;
  const first = commands[0]?.number ?? 0;
  const known = count === 0 ? 'none has run' : `those known are ${first} to ${count}`;
  throw new RequestError('INVALID_INPUT', `No command ${number} in session '${session.name}': ${known}`, {
    suggestion: `Run 'pilotty commands -s ${session.name}' to list them.`,
  });
}

function requireMarks({ name, commands, integratedShell }: Session): void {
  if (integratedShell !== undefined || commands.isAtPrompt !== undefined) return;
  throw new RequestError('UNAVAILABLE', `Session '${name}' has no shell with integration`, {
    suggestion:
      "Commands are known of a shell started with 'pilotty spawn bash' (or zsh, fish, pwsh) without other options than -i and -l. 'pilotty output' prints everything.",
  });
}
