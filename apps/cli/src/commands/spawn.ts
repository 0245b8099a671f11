import { printActed, requireAnswerable } from '../act-answer.ts';
import { lookOptions, lookParams } from '../act-options.ts';
import { command, flag, list, nonEmpty, program, text, value } from '../command.ts';
import { hostLabel } from '../fleet/host-label.ts';
import { restartPolicy } from '../restart-policy.ts';
import { misplacedNote, spawnOptions, spawnRequest } from '../spawn-request.ts';
import { UsageError } from '../usage-error.ts';

const options = {
  ...spawnOptions,
  pipe: flag(
    'without a terminal: stdin, stdout and stderr are pipes; see pilotty type --eof, output --stream',
  ),
  'keep-input': flag("keep what is sent to it, for 'pilotty inputs' to make a test or a script of it"),
  restart: value(
    'POLICY',
    restartPolicy,
    'run it again when it ends by itself: always, or on-failure; at most 10 times in a row, or N: on-failure:N',
  ),
  attach: flag('then join it with your own terminal, whose size it gets unless --size is given'),
  send: value('TEXT', text, 'its first input: typed once the program reads, then Enter; waits count from it'),
  on: list(
    'K=V',
    hostLabel,
    'with --fleet: only on a host with this label; of several on the least loaded one',
  ),
  once: value(
    'KEY',
    nonEmpty,
    'with --fleet: asked for again with the same KEY, the same session is answered',
  ),
  ...lookOptions,
};

export const declaration = command({
  name: 'spawn',
  summary: 'start a program in a new session',
  description: `Options stand before the program; what follows it belongs to it, except '--name NAME' or '--name=NAME' as the last
words. After '--' everything belongs to the program. Without a name the session is called $PILOTTY_SESSION if that is
free, else default, else after its program. The environment and the directory are yours.`,
  arguments: { program: program('what to run; without it, your login shell', true) },
  options,
  examples: [
    ['pilotty spawn', 'a shell'],
    ['pilotty spawn htop --name monitoring', 'a program in a session with a name'],
    ['pilotty spawn --name editor --size 120x40 --cwd ~/project vim main.py', 'with a size and a directory'],
    [
      "pilotty spawn --name lint --send 'npm run lint' bash",
      'a shell and its first command, which stays when that ends',
    ],
    ['pilotty spawn --in docker:web --cwd /app --env DEBUG=1 sh', 'in a container that runs'],
    ['pilotty spawn --owner-pid $$ npm run dev', 'that ends with the shell or script that started it'],
    ['pilotty spawn --attach htop', 'and see it at once; Ctrl+\\ d leaves it running'],
    ['pilotty spawn --restart on-failure npm run worker', 'that is started again when it fails'],
    [
      'pilotty spawn --pipe --name ls typescript-language-server --stdio',
      'a protocol that a terminal would spoil',
    ],
    ['pilotty spawn -- grep --name x', "every word after -- is the program's"],
  ],
  startsDaemon: true,
  needsProcess: ({ term, attach }) => attach || term !== undefined,
  batchUnsupportedReason: ({ attach }) => (attach ? 'with --attach it needs your terminal' : undefined),
  async run(given, io, client) {
    requireAnswerable(given, io, false);
    if ((given.on.length > 0 || given.once !== undefined) && !io.env.PILOTTY_FLEET)
      throw new UsageError('--on and --once are for a fleet', 'Name it: --fleet nats://SERVER/FLEET.');
    if (given.attach && given.pipe)
      throw new UsageError('--attach needs a terminal, and --pipe gives the program none');
    if (given.attach)
      return await (await import('../attach/spawn-attached.ts')).spawnAttached(given, io, client);
    const request = {
      ...(await spawnRequest(given, io, true)),
      pipe: given.pipe || undefined,
      keep_input: given['keep-input'] || undefined,
      restart_policy: given.restart,
      send: given.send,
      ...lookParams(given),
    };
    const created = await client.request('session.spawn', request, { signal: io.signal });
    return printActed(created, given, io, misplacedNote(given, options, true));
  },
});
