/**
 * A command's declaration as commander takes it, and back: the words after the command become what
 * `run` gets, and a request for help becomes its text.
 */
import * as commander from 'commander';
import { type Always, type Argument, type Command, LITERAL, type Option, type Options } from './command.ts';
import { argumentsOf, hasLiterals, type Line, optionsOf, takesProgram } from './declared.ts';
import { type Guidance, UnreadLineError } from './unread-line-error.ts';
import { UsageError } from './usage-error.ts';

/** Where the help breaks its lines; commander's own default away from a terminal. */
const HELP_WIDTH = 80;

/** Stands for a dash, or for a value that is not there: no word of a command line can hold it. */
const NUL = '\0';

/** A batch reads thousands of lines of a few commands, and making a parser costs more than using it. */
const parsers = new WeakMap<Command, commander.Command>();
const haveBeenRead = new WeakSet<Command>();

/** @throws UsageError, UnreadLineError */
export function readLine(command: Command, line: readonly string[]): Line {
  if (!haveBeenRead.has(command)) {
    // Most processes read one line: of the options, they make those that it has.
    haveBeenRead.add(command);
    try {
      const read = readLineWith(parserOf(command, { only: mentionedIn(line) }), command, line);
      if ('given' in read) return read;
    } catch (error) {
      if (!(error instanceof UnreadLineError)) throw error;
    }
    // A help or a mistake is about all of them.
  }
  const parser = parsers.get(command) ?? parserOf(command);
  parsers.set(command, parser);
  return readLineWith(parser, command, line);
}

/** Whether a line may have an option: rather once too often, because some letters are of a value. */
function mentionedIn(line: readonly string[]): (name: string, option: Option<unknown>) => boolean {
  const options = line.filter((word) => word.startsWith('-'));
  return (name, { short }) =>
    options.some(
      (word) =>
        word === `--${name}` ||
        word.startsWith(`--${name}=`) ||
        (short !== undefined && !word.startsWith('--') && word.includes(short)),
    );
}

function readLineWith(parser: commander.Command, command: Command, line: readonly string[]): Line {
  const words = command.takesDashWords
    ? line.map((word) => hideDash(word, parser))
    : takesProgram(command)
      ? joinBeforeProgram(line, parser, command)
      : hasLiterals(command)
        ? joinPresets(markLiterals(line), command)
        : joinPresets(joinNegative(line, parser), command);
  const help = parse(parser, words, { hint: hintForDash(command), example: command.examples[0]?.[0] });
  if (help !== undefined) return { help };

  const given: Record<string, unknown> = {};
  const values: Record<string, unknown> = parser.opts();
  for (const [name, { absent }] of optionsOf(command)) {
    given[name] = values[attributeOf(name)] ?? absent;
  }
  // What follows the first word of a program is handed through as it is, so nothing lies between them.
  const isVerbatim = line.at(-parser.args.length - 1) === '--';
  argumentsOf(command).forEach(([name, { isProgram }], index) => {
    const read: unknown = parser.processedArgs[index];
    given[name] = isProgram ? { words: read, isVerbatim } : read;
  });
  if (given.fields !== undefined) given.json = true;
  return { given: given as Record<string, unknown> & Always };
}

export function parserOf(
  command: Command,
  { aliases = [], only = () => true }: ParserOptions = {},
): commander.Command {
  const parser = new commander.Command(command.name)
    .aliases(aliases)
    .summary(command.summary)
    .description(command.description ?? '')
    .helpOption('-h, --help', 'show this help')
    .passThroughOptions(takesProgram(command))
    .allowExcessArguments(false)
    .configureHelp(HELP)
    .addHelpText('after', () => nameShared(command))
    .addHelpText('after', () => explainTime(optionsOf(command)))
    .addHelpText('after', () => `\nExamples:\n${command.examples.map(exampleLines).join('\n')}`);
  for (const [name, option] of optionsOf(command))
    if (only(name, option)) parser.addOption(parserOfOption(name, option));
  for (const [name, argument] of argumentsOf(command)) parser.addArgument(parserOfArgument(name, argument));
  return parser;
}

interface ParserOptions {
  aliases?: readonly string[];
  /** Which options the parser knows. */
  only?: (name: string, option: Option<unknown>) => boolean;
}

/** The help of options that many commands share. */
export function topicHelp(name: string, text: string, options: Options): string {
  const parser = new commander.Command(name).helpOption(false).configureHelp({
    ...HELP,
    helpWidth: HELP_WIDTH,
    commandUsage: () => 'pilotty COMMAND [options]',
    commandDescription: () => text.replaceAll('\n', ' '),
  });
  for (const [option, declared] of Object.entries<Option<unknown>>(options)) {
    const { topic: _, ...described } = declared;
    parser.addOption(parserOfOption(option, described));
  }
  return `${parser.helpInformation()}${explainTime(Object.entries(options))}\n`;
}

/**
 * What there is to print instead of doing anything, a help or a version; undefined when the words are in order.
 * @throws UnreadLineError
 */
export function parse(
  parser: commander.Command,
  words: readonly string[],
  guidance: Guidance,
): string | undefined {
  let printed = '';
  const write = (text: string) => {
    printed += text;
  };
  parser.exitOverride().configureOutput({
    writeOut: write,
    writeErr: write,
    outputError: () => {},
    getOutHelpWidth: () => HELP_WIDTH,
    getErrHelpWidth: () => HELP_WIDTH,
    getOutHasColors: () => false,
    getErrHasColors: () => false,
  });
  try {
    parser.parse(words, { from: 'user' });
    return undefined;
  } catch (error) {
    if (!(error instanceof commander.CommanderError)) throw error;
    if (INSTEAD.has(error.code)) return printed;
    throw new UnreadLineError(error, parser, guidance);
  }
}

const INSTEAD = new Set(['commander.help', 'commander.helpDisplayed', 'commander.version']);

function hintForDash(command: Command): string {
  return takesProgram(command)
    ? "Put '--' before a program whose name begins with '-'."
    : "Put '--' before an argument that begins with '-'.";
}

/**
 * The value is declared as one that may be left out, because only then commander leaves a word alone
 * that looks like an option: far more often a value was forgotten than meant to look like that.
 */
function parserOfOption(
  name: string,
  {
    short,
    placeholder,
    isRepeatable,
    preset = NUL,
    group,
    topic,
    description,
    absent,
    read,
  }: Option<unknown>,
): commander.Option {
  const long = placeholder === undefined ? `--${name}` : `--${name} [${placeholder}]`;
  const flags = short === undefined ? long : `-${short}, ${long}`;
  const option = new commander.Option(flags, isRepeatable ? `${description}; may be repeated` : description);
  if (group !== undefined) option.helpGroup(`${group}:`);
  option.hideHelp(topic !== undefined);
  // A name of its own, not the absence of another.
  option.negate = false;
  if (read === undefined) return option;
  return option.preset(preset).argParser((text: string, before: unknown = absent) => {
    if (text.startsWith(NUL)) {
      throw new UsageError(
        `--${name} needs a value`,
        `Write --${name}=${placeholder} where it begins with '-'.`,
      );
    }
    if (preset === NUL) return labelled(`--${name}`, () => read(text, before));
    return labelled(
      `--${name}`,
      () => read(text, before),
      `Write --${name}=${preset} where an argument follows.`,
    );
  });
}

function parserOfArgument(
  name: string,
  { description, isOptional, isRest, isProgram, hasLiterals, read }: Argument<unknown>,
): commander.Argument {
  const label = isProgram ? 'PROGRAM ARGS' : name.toUpperCase();
  const word = isRest ? `${label}...` : label;
  const argument = new commander.Argument(isOptional ? `[${word}]` : `<${word}>`, description);
  if (read === undefined) return argument;
  return argument.argParser((text: string, before: unknown) =>
    labelled(label, () => read(hasLiterals ? text : text.replace(NUL, '-'), before)),
  );
}

/** `-slow`, where it is a word; commander would take it for `-s low`. */
function hideDash(word: string, parser: commander.Command): string {
  const isOption = word === '-h' || parser.options.some(({ short }) => short === word);
  return /^-[^-]/.test(word) && !isOption ? word.replace('-', NUL) : word;
}

/** `--rows -20:-1`, `--screen-at -5s`: where a negative number begins the value; commander sees options in all but plain numbers. */
function joinNegative(line: readonly string[], parser: commander.Command): string[] {
  const joined: string[] = [];
  const end = line.includes('--') ? line.indexOf('--') : line.length;
  line.forEach((word, index) => {
    const before = index < end ? joined.at(-1) : undefined;
    const isValue = parser.options.some((option) => option.long === before && option.optional);
    if (isValue && /^-\d+(?::|\.\d|ms|[smh])/.test(word)) joined[joined.length - 1] = `${before}=${word}`;
    else joined.push(word);
  });
  return joined;
}

/**
 * `--snapshot 'echo hi'`, where the value may be left out: what cannot be meant as one is the next argument. A mere word
 * can: it is read as the value, and refused if it is none, because text is not typed on a guess.
 */
function joinPresets(line: readonly string[], command: Command): string[] {
  const end = line.includes('--') ? line.indexOf('--') : line.length;
  return line.map((word, index) => {
    const next = index + 1 < end ? line[index + 1] : undefined;
    const preset = word.startsWith('--') ? command.options?.[word.slice(2)]?.preset : undefined;
    if (preset === undefined || next === undefined || /^(?:-.*|[a-z]+)$/s.test(next)) return word;
    return `${word}=${preset}`;
  });
}

/** `--record vim`: an option that has its value joined to it, or none, before the program, which has options of its own. */
function joinBeforeProgram(line: readonly string[], parser: commander.Command, command: Command): string[] {
  const joined = [...line];
  for (let at = 0; line[at]?.startsWith('-') && line[at] !== '--'; at++) {
    const word = line[at] as string;
    const { preset, isJoined } = command.options?.[word.slice(2)] ?? {};
    if (isJoined) joined[at] = `${word}=${preset}`;
    else if (
      parser.options.some(({ long, short, optional }) => optional && (long === word || short === word))
    )
      at += 1;
  }
  return joined;
}

/** `--literal TEXT` becomes one word, because commander keeps no order between options and arguments. */
function markLiterals(line: readonly string[]): string[] {
  const marked: string[] = [];
  for (let at = 0; at < line.length; at++) {
    const word = line[at] ?? '';
    const next = line[at + 1];
    if (word === '--') return [...marked, ...line.slice(at)];
    if (word.startsWith('--literal=')) marked.push(LITERAL + word.slice('--literal='.length));
    else if ((word === '-l' || word === '--literal') && next !== undefined) {
      marked.push(LITERAL + next);
      at += 1;
    } else marked.push(word);
  }
  return marked;
}

const attributes = new Map<string, string>();

/** commander keeps the value of `--clean-env` as cleanEnv. */
function attributeOf(name: string): string {
  let attribute = attributes.get(name);
  if (attribute === undefined) {
    attribute = name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
    attributes.set(name, attribute);
  }
  return attribute;
}

function labelled<T>(label: string, read: () => T, suggestion?: string): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof UsageError)
      throw new UsageError(`${label} ${error.message}`, error.suggestion ?? suggestion);
    throw error;
  }
}

const HELP: commander.HelpConfiguration = {
  commandUsage: (command) => `pilotty ${[command.name(), ...command.aliases()].join('|')} ${command.usage()}`,
  commandDescription: (command) => {
    const summary = command.summary();
    const sentence = `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
    // The source breaks its lines where the source is full.
    return [sentence, command.description().replaceAll('\n', ' ')].join('\n\n').trimEnd();
  },
  // Without the preset of parserOfOption.
  optionDescription: ({ description }) => description,
  optionTerm: ({ flags, presetArg }) => {
    const isRequired = String(presetArg ?? NUL) === NUL;
    const shown = isRequired ? flags.replace(/[[\]]/g, '') : flags.replace(' [', '[=');
    return `${flags.startsWith('--') ? '    ' : ''}${shown}`;
  },
};

/** The options that a help topic describes, by name. */
function nameShared(command: Command): string {
  const shared = optionsOf(command).filter(([, { topic }]) => topic !== undefined);
  const [topic] = shared.map(([, option]) => option.topic);
  if (topic === undefined) return '';
  return `\nDescribed by 'pilotty help ${topic}':\n${wrap(shared.map(([name]) => `--${name}`))}`;
}

function wrap(words: readonly string[]): string {
  const lines = [' '];
  for (const word of words) {
    const line = `${lines.at(-1)} ${word}`;
    if (line.length <= HELP_WIDTH) lines[lines.length - 1] = line;
    else lines.push(`  ${word}`);
  }
  return lines.join('\n');
}

function explainTime(options: readonly [string, Option<unknown>][]): string {
  const takesTime = options.some(([, { placeholder }]) => placeholder === 'TIME');
  return takesTime ? '\nTIME is 500ms, 2s, 1.5s, 5m or 1h30m; a bare number is milliseconds.' : '';
}

function exampleLines([line, purpose]: readonly [string, string]): string {
  return `  ${line}\n      ${purpose}`;
}
