/** Why a host cannot be used, in words for the person who asked: what ssh said, and what was tried there. */
import { ConnectionError } from '../connection-error.ts';
import type { HostAddress } from './address.ts';
import { missingIn, versionIn } from './remote-command.ts';
import { SSH_FAILED } from './shared-connection.ts';
import type { SshExit } from './ssh-process.ts';

const MAX_SAID = 400;

export function unreachable(message: string, suggestion?: string): ConnectionError {
  return new ConnectionError(message, {
    code: 'HOST_UNREACHABLE',
    ...(suggestion !== undefined && { suggestion }),
  });
}

/** ssh's own failure: no such host, no answer, not let in. */
export function notReached({ text }: HostAddress, stderr: string): ConnectionError {
  const said = lastLines(stderr);
  return unreachable(
    `ssh cannot reach ${text}: ${said || 'it said nothing'}`,
    `'ssh ${text}' shows the same, and asks what there is to ask.`,
  );
}

/** It was reached, and `pilotty connect` has not greeted. */
export function notGreeted(
  address: HostAddress,
  path: string | undefined,
  exit: SshExit,
  said: { stdout: string; stderr: string },
): ConnectionError {
  const { text } = address;
  if (exit.code === SSH_FAILED) return notReached(address, said.stderr);
  const shell = missingIn(said.stderr);
  const named = path ?? 'pilotty';
  if (shell !== undefined) {
    return unreachable(
      `there is no pilotty on ${text} that can be run: tried '${named}' as a command over ssh, then in a login shell (${shell} -lc)`,
      "Install it there, with Node in the PATH of that shell ('npm install -g pilotty'), or say where it is: --remote-path PATH, or PILOTTY_REMOTE_PATH.",
    );
  }
  const version = versionIn(said.stderr);
  if (exit.code === 2 && version !== undefined) {
    return unreachable(
      `pilotty on ${text} is ${version}, which cannot be used from another host yet: it has no 'connect'`,
      'Install a newer one there, or name another with --remote-path.',
    );
  }
  const how = exit.code === null ? `was ended by ${exit.signal}` : `exited with ${exit.code}`;
  const words = lastLines(said.stderr) || lastLines(said.stdout);
  return unreachable(
    `'${named} connect' on ${text} ${how}, and is no 'pilotty connect'${words === '' ? '' : `: ${words}`}`,
    `'ssh ${text} ${named} --version' shows what runs there.`,
  );
}

/** The end of what was said, on one line. */
export function lastLines(text: string): string {
  const lines = text.split(/[\r\n]+/).map((line) => line.trim());
  return lines
    .filter((line) => line !== '')
    .slice(-3)
    .join('; ')
    .slice(-MAX_SAID);
}
