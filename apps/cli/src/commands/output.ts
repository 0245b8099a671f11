import { command, flag, integer, oneOf, sessionOf, sessionOption, value } from '../command.ts';
import { printJson } from '../output.ts';
import { collectOutput, printOutput } from '../retained-output.ts';
import { UsageError } from '../usage-error.ts';

export const declaration = command({
  name: 'output',
  summary: 'print what the session has printed',
  description: `Prints lines of text, those that have scrolled away too; with --ansi the exact bytes. Requested bytes that are no longer
retained are counted on stderr. What a program without a terminal wrote is printed as it is, to stdout what it wrote to
stdout, to stderr what it wrote to stderr; with --stream only one of them, to stdout. With --cmd only the output of one shell command, see 'pilotty commands'.
Of a host of a fleet that is gone, or a session that it no longer has, what 'pilotty fleet join --keep-output' has kept, which stderr says.`,
  options: {
    session: sessionOption,
    ansi: flag('the bytes as the program wrote them'),
    tail: value('N', integer, 'only the last N lines'),
    since: value('OFFSET', integer, 'only from this byte offset on: the next_offset of an earlier answer'),
    cmd: value('N', commandNumber, 'only of command N, counted from 1, or from the last one backwards: -1'),
    stream: value(
      'STREAM',
      oneOf('stdout', 'stderr', 'both'),
      'of a session of spawn --pipe: only stdout, or stderr (default: both)',
    ),
    follow: flag('keep printing until the program ends, or the command of --cmd'),
  },
  examples: [
    ['pilotty output -s build --tail 20', 'its last lines'],
    ['pilotty output -s build --follow', 'follow it to its end'],
    ['pilotty output -s build --ansi > build.log', 'every byte, colours included'],
    ['pilotty output -s job --stream stderr', 'only what a program without a terminal wrote there'],
    ['pilotty output --cmd -1', 'what the last command of the shell printed, or has printed so far'],
  ],
  startsDaemon: true,
  async run(given, io, client) {
    const params = {
      session: sessionOf(given, io),
      format: given.ansi ? ('ansi' as const) : ('text' as const),
      tail: given.tail,
      since: given.since,
      command_number: given.cmd,
      follow: given.follow,
      stream: given.stream,
    };
    if (given.cmd !== undefined && given.since !== undefined) {
      throw new UsageError('--since cannot be combined with --cmd');
    }
    if (given.json) {
      const { content, result } = await collectOutput(client, params, io);
      await printJson(io.stdout, { ...result, ...content });
    } else {
      await printOutput(client, params, io);
    }
    return 0;
  },
});

function commandNumber(given: string): number {
  const number = Number(given);
  if (!/^-?\d+$/.test(given) || number === 0 || !Number.isSafeInteger(number)) {
    throw new UsageError(`is '${given}', and must be a number such as 3, or -1 for the last`);
  }
  return number;
}
