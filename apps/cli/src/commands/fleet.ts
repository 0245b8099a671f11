import { hostname } from 'node:os';
import { asking, loadFleet } from '@pilotty/app-fleet/load';
import { command, list, nonEmpty, oneOf, required, value } from '../command.ts';
import { hostLabel } from '../fleet/host-label.ts';
import { programsOf } from '../programs.ts';
import { UsageError } from '../usage-error.ts';

const commandArguments = {
  action: required('join', oneOf('join')),
  server: required('nats://SERVER[:PORT], or tls:// where it must be encrypted', nonEmpty),
};

export const declaration = command({
  name: 'fleet',
  summary: 'make this host one of a fleet, over NATS',
  description: `join stays in the foreground, as a service manager expects, and serves the daemon of this host to those whom NATS lets in;
it starts the daemon where none runs. 'pilotty -H nats://SERVER/FLEET/HOST COMMAND' uses one host, '--fleet
nats://SERVER/FLEET' all of them. Programs that others start here have the environment of this command. It comes back by itself
when NATS was gone, and leaves the fleet at SIGTERM or Ctrl+C. Permissions, credentials and systemd: docs/fleet.md.`,
  arguments: commandArguments,
  options: {
    fleet: value('NAME', nonEmpty, 'the fleet to join'),
    host: value('NAME', nonEmpty, 'what this host is called there (default: its host name)'),
    label: list('K=V', hostLabel, 'what others can choose it by: spawn --on K=V'),
    creds: value(
      'FILE',
      nonEmpty,
      'credentials for NATS, which only you can read (default: $PILOTTY_NATS_CREDS)',
    ),
  },
  examples: [
    ['pilotty fleet join nats://nats.example --fleet ci --label arch=arm64', 'this host, under its own name'],
    [
      'pilotty fleet join tls://nats.example --fleet ci --host mac-1 --creds /etc/pilotty/host.nk',
      'with credentials',
    ],
    ['pilotty ls --fleet nats://nats.example/ci', 'all sessions of all hosts, from anywhere'],
  ],
  startsDaemon: false,
  needsProcess: () => true,
  isAboutThisHost: true,
  answer: { only: 'type fleet host labels server' },
  batchUnsupportedReason: () => 'it ends only when the host leaves',
  async run({ server, fleet, host, label: labels, creds, json }, io) {
    const { parseServer, isName, asName, natsOptionsFrom, serveHost } = await loadFleet(programsOf(io));
    const address = parseServer(server);
    if ('problem' in address) throw new UsageError(`SERVER is '${server}', ${address.problem}`);
    if (fleet === undefined)
      throw new UsageError('--fleet is missing: the name of the fleet', 'Such as --fleet ci.');
    const name = host ?? asName(hostname());
    for (const [option, text] of [
      ['--fleet', fleet],
      ['--host', name],
    ] as const)
      if (!isName(text))
        throw new UsageError(`${option} is '${text}', and must be 1 to 63 letters, digits, - or _`);
    const given = Object.fromEntries(labels);
    await asking(async () => {
      const nats = natsOptionsFrom(
        creds === undefined ? io.env : { ...io.env, PILOTTY_NATS_CREDS: creds },
        `pilotty ${fleet}/${name}`,
      );
      await serveHost({
        address,
        nats,
        fleet,
        host: name,
        labels: given,
        env: io.env,
        cwd: io.cwd,
        daemonProgram: io.daemonProgram,
        inheritance: io.inheritance,
        signal: io.signal,
        warn: (message) => void io.stderr.write(`${new Date().toISOString()} ${message}\n`),
        joined: async () => {
          const joined = { type: 'fleet_joined', fleet, host: name, labels: given, server: address.server };
          await io.stdout.write(
            json ? `${JSON.stringify(joined)}\n` : `${name} has joined the fleet ${fleet}\n`,
          );
        },
      });
    });
    io.signal.throwIfAborted();
    return 0;
  },
});
