/** Lines over an ssh whose other end is `pilotty connect`, once that has greeted. */
import { LineSplitter } from '@pilotty/protocol';
import { ConnectionError } from '../connection-error.ts';
import { gatherLines } from '../gathered-lines.ts';
import type { Transport } from '../transport.ts';
import { SSH_FAILED } from './shared-connection.ts';
import type { SshProcess } from './ssh-process.ts';
import { lastLines } from './unreachable.ts';

export function sshTransport(
  ssh: SshProcess,
  { host, version }: { host: string; version: string },
): Transport {
  const splitter = new LineSplitter();
  let failure: Error | undefined;
  const gathered = gatherLines((lines) => {
    if (ssh.stdin.writable) ssh.stdin.write(lines);
  });
  return {
    version,
    send: (lines) => gathered.add(lines),
    listen(listener) {
      ssh.stdout.on('data', (chunk: Buffer) => {
        try {
          for (const line of splitter.push(chunk)) listener.line(line);
        } catch (error) {
          failure = error as Error;
          ssh.end();
        }
      });
      const ended = new Promise<void>((resolve) => ssh.stdout.once('close', resolve));
      void Promise.all([ssh.exited, ended]).then(async ([exit]) => {
        const stderr = await ssh.stderr();
        ssh.end();
        listener.closed(failure ?? lostLink(host, exit.code, stderr));
      });
      ssh.stdout.resume();
    },
    pause: () => void ssh.stdout.pause(),
    resume: () => void ssh.stdout.resume(),
    keepProcess: (isKept) => ssh.keepProcess(isKept),
    close: () => {
      gathered.flush();
      // The other end ends with its input, and ssh with the other end.
      ssh.stdin.end();
      ssh.stdout.destroy();
      ssh.keepProcess(false);
    },
  };
}

/** @returns undefined where the daemon has closed the connection */
function lostLink(host: string, code: number | null, stderr: string): ConnectionError | undefined {
  if (code === 0) return undefined;
  const how =
    code === null ? 'ssh was killed' : code === SSH_FAILED ? '' : `'pilotty connect' exited with ${code}`;
  const said = [how, lastLines(stderr)].filter((each) => each !== '').join(': ');
  return new ConnectionError(`the link to ${host} was lost${said === '' ? '' : ` (${said})`}`, {
    code: 'HOST_UNREACHABLE',
    suggestion: 'Sessions there go on. What was asked may have been done: look before you ask it again.',
  });
}
