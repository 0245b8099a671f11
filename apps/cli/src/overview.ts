/** pilotty as a whole: its help, its version, and what a word that is no command was meant to be. */
import { VERSION } from '@pilotty/client';
import * as commander from 'commander';
import { actOptions } from './act-options.ts';
import { AGENTS } from './agents-topic.ts';
import { parse, parserOf, topicHelp } from './command-line.ts';
import { aliases, groups } from './commands/index.ts';
import { environmentTable } from './environment-table.ts';
import { exitCodeTable } from './exit-code-table.ts';
import { oursForCommand } from './foreign-words.ts';
import { UsageError } from './usage-error.ts';
import { WAIT_TOPIC } from './wait-options.ts';

/** All there is to do with a program, first of all. */
export const loop: readonly (readonly [line: string, purpose: string])[] = [
  ['pilotty spawn --name ed --wait-text a.txt -q vim a.txt', 'start it, and wait'],
  ['pilotty send -s ed iHello Escape --wait-text Hello -q', 'act, and wait'],
  ['pilotty snapshot -s ed -f text', 'look'],
  ['pilotty kill -s ed', 'end it'],
];

const LOOP = `Drive terminal programs: start one, act and wait, look, end it.

${loop.map(([line, purpose]) => `  ${line.padEnd(54)}   ${purpose}`).join('\n')}
`;

const TOPICS = `
More:
  pilotty COMMAND --help      options and examples of a command
  pilotty help agents         all that an AI agent needs, on a page
  pilotty help wait-options   what every command that acts can wait for
  pilotty help exit-codes     what each exit code means
  pilotty help environment    the variables that pilotty reads
  pilotty completion bash     completion for the shell: also zsh, fish
  pilotty --version           the version`;

const EXIT_CODES = `Exit codes, besides those of the program that exec and run run:
${exitCodeTable.map(([code, meaning]) => `  ${code.padEnd(7)}${meaning}`).join('\n')}
`;

const ENVIRONMENT = `Variables that pilotty reads; all but the first two when the daemon starts:
${environmentTable.map(([name, meaning]) => `  ${name}\n      ${meaning}`).join('\n')}
`;

const WAIT_OPTIONS = `Options of every command that sends something: type, key, send, paste, click, scroll, mouse,
choose, signal, resize. spawn and snapshot have the --wait options. Order: check --if, send, wait, snapshot. All conditions
must be met at the same time, on one screen; with --wait-any one is enough. The echo of your input
never counts as a match. Exit codes: 0 the condition is met, 3 the deadline passed, 4 the program ended first.
Without a --wait option the command does not wait.`;

/** What there is to print. @throws UsageError when the word is neither `--help` nor `--version` */
export async function readOverview(word: string): Promise<string> {
  if (word === WAIT_TOPIC) return topicHelp(WAIT_TOPIC, WAIT_OPTIONS, actOptions);
  if (word === 'agents') return AGENTS;
  if (word === 'exit-codes') return EXIT_CODES;
  if (word === 'environment') return ENVIRONMENT;
  const ours = oursForCommand(word);
  if (ours !== undefined) throw new UsageError(`unknown command '${word}'`, ours);
  const parser = new commander.Command('pilotty')
    .usage('COMMAND [options] [arguments]')
    .version(`pilotty ${VERSION}`, '-V, --version', 'show the version')
    .helpOption('-h, --help')
    .helpCommand(false)
    // Its own options stand before the command: commander wants it said where `spawn` hands options through.
    .enablePositionalOptions()
    .configureHelp({
      subcommandTerm: (command) => [command.name(), ...command.aliases()].join(', '),
      // The topics name both, and a page has no room for more.
      visibleOptions: () => [],
    })
    .addHelpText('before', LOOP)
    .addHelpText('after', TOPICS);
  const isVersion = word === '--version' || word === '-V';
  for (const [title, commands] of isVersion ? [] : Object.entries(groups)) {
    for (const [name, load] of Object.entries(commands)) {
      const { declaration } = await load();
      const short = Object.keys(aliases).filter((alias) => aliases[alias] === name);
      parser.addCommand(parserOf(declaration, { aliases: short }).helpGroup(`${title}:`));
    }
  }
  return parse(parser, [word], { hint: 'Write the command first, then its options.' }) ?? '';
}
