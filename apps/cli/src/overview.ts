/** pilotty as a whole: its help, its version, and what a word that is no command was meant to be. */
import { VERSION } from '@pilotty/client';
import * as commander from 'commander';
import { parse, parserOf } from './command-line.ts';
import { aliases, groups } from './commands/index.ts';
import { oursForCommand } from './foreign-words.ts';
import { UsageError } from './usage-error.ts';

const ENVIRONMENT = `
Environment:
  PILOTTY_SESSION       the session when no -s is given
  PILOTTY_SOCKET_DIR    the directory of the daemon's socket and log
                        (default: $XDG_RUNTIME_DIR/pilotty, else ~/.pilotty, else /tmp/pilotty-UID)
  PILOTTY_RETAIN_BYTES  output kept for each session; 2 MiB
  PILOTTY_MAX_SESSIONS  how many sessions a daemon has at most; 1000
  PILOTTY_IDLE_TIMEOUT  the daemon stops when no session has run and nothing was asked for so long; 5m
  PILOTTY_REMEMBER      how long ended sessions can be looked at, while the daemon runs; 10m
  PILOTTY_LOG_LEVEL     of the daemon: debug, info, warn, error; info
  PILOTTY_REDACT        a regular expression; what matches is left out of the daemon's log, and of nothing else

'pilotty examples' shows it at work; 'pilotty COMMAND --help' tells more of one command.`;

/** What there is to print. @throws UsageError when the word is neither `--help` nor `--version` */
export async function readOverview(word: string): Promise<string> {
  const ours = oursForCommand(word);
  if (ours !== undefined) throw new UsageError(`unknown command '${word}'`, ours);
  const parser = new commander.Command('pilotty')
    .usage('COMMAND [options] [arguments]')
    .description('Drive terminal programs: start them, wait, type, look.')
    .version(`pilotty ${VERSION}`, '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show this help; after a command, the help of that command')
    .helpCommand(false)
    // Its own options stand before the command: commander wants it said where `spawn` hands options through.
    .enablePositionalOptions()
    .configureHelp({ subcommandTerm: (command) => [command.name(), ...command.aliases()].join(', ') })
    .addHelpText('after', ENVIRONMENT);
  const isVersion = word === '--version' || word === '-V';
  for (const [title, commands] of isVersion ? [] : Object.entries(groups)) {
    for (const [name, load] of Object.entries(commands)) {
      const { declaration } = await load();
      const short = Object.keys(aliases).filter((alias) => aliases[alias] === name);
      parser.addCommand(parserOf(declaration, short).helpGroup(`${title}:`));
    }
  }
  return parse(parser, [word], 'The command comes first, its options after it.') ?? '';
}
