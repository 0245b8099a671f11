/**
 * The daemon's program: flags, readiness, exit code. Started by the first client; a person
 * runs it through `pilotty daemon`.
 *
 * With `--ready-fd N` it writes one line of JSON to that descriptor and closes it: `{"ready":true,…}`
 * once requests can be sent, or `{"error":…}`. Nothing else is ever inherited from the client.
 * With `--check-settings` it only says whether it could be started with this environment.
 */
import fs from 'node:fs';
import { parseArgs } from 'node:util';
import { endOnSignals, errors, RequestError, readSettings, runDaemon } from '@pilotty/daemon';
import { commandHost } from './commands/command-host.ts';

const { values } = parseArgs({
  options: {
    'socket-dir': { type: 'string' },
    'ready-fd': { type: 'string' },
    'check-settings': { type: 'boolean' },
  },
});
const ended = endOnSignals(process, () => performance.now());

closeCoveredDescriptors();

/**
 * A client covers what it must not hand on with /dev/null; closed here, so that no session inherits
 * even that. On Linux /proc says what a descriptor is; elsewhere a program inherits none of ours anyway.
 */
function closeCoveredDescriptors(): void {
  if (process.platform !== 'linux') return;
  for (const fd of fs.readdirSync('/proc/self/fd').map(Number)) {
    try {
      if (fd > 2 && fs.readlinkSync(`/proc/self/fd/${fd}`) === '/dev/null') fs.closeSync(fd);
    } catch {
      // The descriptor of the listing itself.
    }
  }
}

let isAnnounced = false;

/** Once: then the descriptor may be another's. */
function announce(line: object): void {
  const fd = values['ready-fd'];
  if (fd === undefined || isAnnounced) return;
  isAnnounced = true;
  try {
    fs.writeSync(Number(fd), `${JSON.stringify(line)}\n`);
    fs.closeSync(Number(fd));
  } catch {
    // The client that started this daemon has gone; others may come.
  }
}

async function main(): Promise<number> {
  try {
    if (values['check-settings']) {
      await readSettings(process.env);
      return 0;
    }
    await runDaemon({
      directory: values['socket-dir'] ?? '',
      env: process.env,
      ready: (facts) => announce({ ready: true, ...facts }),
      signal: ended.signal,
      // The build puts the programs side by side.
      commandHost: commandHost(import.meta.dirname),
    });
    return 0;
  } catch (error) {
    const body =
      error instanceof RequestError
        ? error.toBody()
        : new RequestError('INTERNAL_ERROR', String(error)).toBody();
    announce({ error: body });
    process.stderr.write(`${JSON.stringify(body)}\n`);
    return errors[body.code].exitCode;
  }
}

// Everything is closed and said; a program that cannot be killed would keep the process alive.
void main().then((exitCode) => process.exit(exitCode));
