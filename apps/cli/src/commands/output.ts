import { command, flag, integer, sessionOf, sessionOption, value } from '../command.ts';
import { printJson } from '../output.ts';
import { collectOutput, printOutput } from '../retained-output.ts';

export const declaration = command({
  name: 'output',
  summary: 'print what the session has printed',
  description: `Readable lines, wherever the screen has scrolled to; with --ansi the exact bytes. What was asked for and is no
longer kept is counted on stderr.`,
  options: {
    session: sessionOption,
    ansi: flag('the bytes as the program wrote them'),
    tail: value('N', integer, 'only the last N lines'),
    since: value('OFFSET', integer, 'only from this byte on: the next_offset of an earlier answer'),
    follow: flag('go on until the program ends'),
  },
  examples: [
    ['pilotty output -s build --tail 20', 'its last lines'],
    ['pilotty output -s build --follow', 'see it to its end'],
    ['pilotty output -s build --ansi > build.log', 'every byte, colours included'],
  ],
  startsDaemon: true,
  async run(given, io, client) {
    const params = {
      session: sessionOf(given, io),
      format: given.ansi ? ('ansi' as const) : ('text' as const),
      tail: given.tail,
      since: given.since,
      follow: given.follow,
    };
    if (given.json) {
      const { content, result } = await collectOutput(client, params, io);
      await printJson(io.stdout, { ...result, ...content });
    } else {
      await printOutput(client, params, io);
    }
    return 0;
  },
});
