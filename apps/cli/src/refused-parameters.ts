/** What the daemon finds wrong with parameters, in the words of the command line: `--tag`, not `session.spawn: tags.0`. */
import type { ErrorBody } from '@pilotty/client';
import type { Command } from './command.ts';

interface Problem {
  /** 'tags.0', or nothing where several parameters cannot be combined. */
  parameter: string;
  problem: string;
}

/** The same error where it names no parameters and no command. */
export function inOurWords(error: ErrorBody, command: Command): ErrorBody {
  const suggestion = error.suggestion.replace('pilotty COMMAND', () => `pilotty ${command.name}`);
  const body = { ...error, suggestion };
  const { problems, ...details } = body.details ?? {};
  if (!Array.isArray(problems)) return body;
  const message = (problems as Problem[])
    .map(({ parameter, problem }) => {
      if (parameter === '') return namingOptions(problem, command);
      const word = wordFor(parameter, command);
      return word === undefined ? problem : `${word}: ${problem}`;
    })
    .join('; ');
  const { details: _, ...rest } = body;
  return Object.keys(details).length === 0 ? { ...rest, message } : { ...rest, message, details };
}

/** `look.retain_bytes` is `--retain-bytes`, `tags.0` is `--tag`; an argument stands in capitals, as in the help. */
function wordFor(parameter: string, command: Command): string | undefined {
  const names = parameter.split('.').filter((part) => !/^\d+$/.test(part));
  return names
    .reverse()
    .map((name) => optionOf(name, command) ?? argumentOf(name, command))
    .find((word) => word !== undefined);
}

function namingOptions(problem: string, command: Command): string {
  return problem.replaceAll(
    /[a-z_]+/g,
    (word) => optionOf(word, command) ?? longArgumentOf(word, command) ?? word,
  );
}

function optionOf(parameter: string, { options = {} }: Command): string | undefined {
  const name = spelled(parameter, Object.keys(options));
  return name === undefined ? undefined : `--${name}`;
}

/** A word of one part may as well be English. */
function longArgumentOf(parameter: string, command: Command): string | undefined {
  return parameter.includes('_') ? argumentOf(parameter, command) : undefined;
}

function argumentOf(parameter: string, { arguments: taken = {} }: Command): string | undefined {
  return spelled(parameter, Object.keys(taken))?.toUpperCase();
}

/** Many are one option that may be repeated, and a time says its unit only in the protocol. */
function spelled(parameter: string, names: readonly string[]): string | undefined {
  const dashed = parameter.replaceAll('_', '-');
  const candidates = [
    dashed,
    dashed.replace(/s$/, ''),
    dashed.replace(/-ms$/, ''),
    dashed.replaceAll('-', ''),
  ];
  return candidates.find((name) => names.includes(name));
}
