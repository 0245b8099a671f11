import { hostname } from 'node:os';
import { asking, loadFleet } from '@pilotty/app-fleet/load';
import { command, list, nonEmpty, oneOf, required, value } from '../command.ts';
import { hostLabel } from '../fleet/host-label.ts';
import { keptOutput } from '../fleet/kept-output.ts';
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
when NATS was gone, and leaves the fleet at SIGTERM or Ctrl+C. With --keep-output 'pilotty output' also has what sessions here
printed when this host is gone. Permissions, credentials and systemd: docs/fleet.md.`,
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
    'keep-output': value(
      'SIZE[,AGE]',
      keptOutput,
      'keep what sessions print in a stream of the fleet, of this size and age: 64M, or 1G,48h (default of AGE: 24h)',
    ),
    'keep-output-of': list(
      'TAG',
      nonEmpty,
      'with --keep-output: only of sessions that have one of these tags',
    ),
  },
  examples: [
    ['pilotty fleet join nats://nats.example --fleet ci --label arch=arm64', 'this host, under its own name'],
    [
      'pilotty fleet join tls://nats.example --fleet ci --host mac-1 --creds /etc/pilotty/host.nk',
      'with credentials',
    ],
    [
      'pilotty fleet join nats://nats.example --fleet ci --keep-output 256M,48h',
      'with output that can be read when this host is gone',
    ],
    ['pilotty ls --fleet nats://nats.example/ci', 'all sessions of all hosts, from anywhere'],
  ],
  startsDaemon: false,
  needsProcess: () => true,
  isAboutThisHost: true,
  answer: { only: 'type fleet host labels server output_stream' },
  batchUnsupportedReason: () => 'it ends only when the host leaves',
  async run(given, io) {
    const { server, fleet, host, label: labels, creds, json } = given;
    const { 'keep-output': bounds, 'keep-output-of': tags } = given;
    if (bounds === undefined && tags.length > 0)
      throw new UsageError('--keep-output-of needs --keep-output', 'Such as --keep-output 64M.');
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
    const chosenBy = Object.fromEntries(labels);
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
        labels: chosenBy,
        ...(bounds && { keepOutput: { ...bounds, tags } }),
        env: io.env,
        cwd: io.cwd,
        daemonProgram: io.daemonProgram,
        inheritance: io.inheritance,
        signal: io.signal,
        warn: (message) => void io.stderr.write(`${new Date().toISOString()} ${message}\n`),
        joined: async (kept) => {
          const joined = {
            type: 'fleet_joined',
            ...{ fleet, host: name, labels: chosenBy, server: address.server },
            ...(kept && { output_stream: kept }),
          };
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
