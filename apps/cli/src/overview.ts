/** pilotty as a whole: its help, its version, and what a word that is no command was meant to be. */
import { VERSION } from '@pilotty/client';
import * as commander from 'commander';
import { actOptions } from './act-options.ts';
import { AGENTS } from './agents-topic.ts';
import { parse, parserOf, topicHelp } from './command-line.ts';
import { aliases, groups } from './commands/index.ts';
import { exitCodeTable } from './exit-code-table.ts';
import { oursForCommand } from './foreign-words.ts';
import { UsageError } from './usage-error.ts';
import { WAIT_TOPIC } from './wait-options.ts';

const EXIT_CODES = `
Exit codes, besides those of the program that exec and run run:
${exitCodeTable.map(([code, meaning]) => `  ${code.padEnd(20)}  ${meaning}`).join('\n')}`;

const ENVIRONMENT = `
Environment:
  PILOTTY_SESSION       the session when no -s is given
  PILOTTY_SOCKET_DIR    the directory of the daemon's socket and log
                        (default: $XDG_RUNTIME_DIR/pilotty, else ~/.pilotty, else /tmp/pilotty-UID)
  PILOTTY_RETAIN_BYTES  bytes of output kept per session (default: 2 MiB)
  PILOTTY_MAX_SESSIONS  maximum number of running sessions (default: 1000)
  PILOTTY_IDLE_TIMEOUT  the daemon stops after this time without a running session and without a request
                        (default: 5m)
  PILOTTY_REMEMBER      how long an ended session can be inspected while the daemon runs (default: 10m)
  PILOTTY_LOG_LEVEL     log level of the daemon: trace, debug, info, warn, error, fatal or silent (default: info)
  PILOTTY_REDACT        a regular expression; matches are left out of the daemon's log, and of nothing else

More: 'pilotty help agents' is all that an AI agent needs, on a page; 'pilotty examples' shows typical sessions,
'pilotty COMMAND --help' the options of a command, 'pilotty help wait-options' what every command that acts can wait for.`;

const WAIT_OPTIONS = `Options of every command that sends something: type, key, send, paste, click, scroll, mouse,
choose, signal, resize. spawn and snapshot have the --wait options. Order: check --if, send, wait, snapshot. All conditions
must be met at the same time, on one screen; with --wait-any one is enough. The echo of your input
never counts as a match. Exit codes: 0 the condition is met, 3 the deadline passed, 4 the program ended first.
Without a --wait option the command does not wait.`;

/** What there is to print. @throws UsageError when the word is neither `--help` nor `--version` */
export async function readOverview(word: string): Promise<string> {
  if (word === WAIT_TOPIC) return topicHelp(WAIT_TOPIC, WAIT_OPTIONS, actOptions);
  if (word === 'agents') return AGENTS;
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
    .addHelpText('after', EXIT_CODES)
    .addHelpText('after', ENVIRONMENT);
  const isVersion = word === '--version' || word === '-V';
  for (const [title, commands] of isVersion ? [] : Object.entries(groups)) {
    for (const [name, load] of Object.entries(commands)) {
      const { declaration } = await load();
      const short = Object.keys(aliases).filter((alias) => aliases[alias] === name);
      parser.addCommand(parserOf(declaration, short).helpGroup(`${title}:`));
    }
  }
  return parse(parser, [word], { hint: 'Write the command first, then its options.' }) ?? '';
}
