/** The help, from the same declarations that the parser reads. */
import type { Command, Option } from './command.ts';
import { aliases, groups } from './commands/index.ts';
import { ALWAYS, usageOf } from './parse-arguments.ts';

type Row = [left: string, right: string];

export async function programHelp(): Promise<string> {
  const sections: string[] = [
    'pilotty - drive terminal programs: start them, wait, type, look',
    'Usage: pilotty COMMAND [options] [arguments]',
  ];
  for (const [title, commands] of Object.entries(groups)) {
    const loaded = await Promise.all(Object.values(commands).map((load) => load()));
    sections.push(
      section(
        title,
        loaded.map(({ declaration }) => [names(declaration).join(', '), declaration.summary]),
      ),
    );
  }
  sections.push(
    section('Options', [
      ['-h, --help', 'show this help; after a command, the help of that command'],
      ['-V, --version', 'show the version'],
    ]),
    section('Environment', [
      ['PILOTTY_SESSION', 'the session when no -s is given'],
      ['PILOTTY_SOCKET_DIR', "the directory of the daemon's socket and log"],
    ]),
    "'pilotty examples' shows it at work; 'pilotty COMMAND --help' tells more of one command.",
  );
  return `${sections.join('\n\n')}\n`;
}

export function commandHelp(command: Command): string {
  const taken = Object.entries(command.arguments ?? {});
  const words = taken.map(([name, argument]) => usageOf(name, argument));
  const options = Object.entries<Option<unknown>>({ ...command.options, ...ALWAYS });
  const sections = [
    `pilotty ${names(command).join(', ')} - ${command.summary}`,
    `Usage: ${['pilotty', command.name, '[options]', ...words].join(' ')}`,
  ];
  if (command.description !== undefined) sections.push(command.description);
  if (taken.length > 0) {
    const rows = taken.map(([name, argument]): Row => [usageOf(name, argument), argument.description]);
    sections.push(section('Arguments', rows));
  }
  sections.push(section('Options', options.map(optionRow)));
  const examples = command.examples.map(([line, purpose]) => `  ${line}\n      ${purpose}`);
  sections.push(`Examples:\n${examples.join('\n')}`);
  return `${sections.join('\n\n')}\n`;
}

function names(command: Command): string[] {
  const short = Object.keys(aliases).filter((alias) => aliases[alias] === command.name);
  return [command.name, ...short];
}

function optionRow([name, { short, placeholder, isRepeatable, description }]: [
  string,
  Option<unknown>,
]): Row {
  const left = `${short === undefined ? '    ' : `-${short}, `}--${name}${placeholder === undefined ? '' : ` ${placeholder}`}`;
  return [left, isRepeatable ? `${description}; may be repeated` : description];
}

function section(title: string, rows: Row[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return [`${title}:`, ...rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`)].join('\n');
}
