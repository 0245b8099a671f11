/** What is wrong with a command line, and how it is written. Loaded when something is. */
import { nearest } from '@pilotty/client';
import { oursForOption } from './foreign-options.ts';

import type { UnreadLineError } from './unread-line-error.ts';
import { UsageError } from './usage-error.ts';

/** Where several words were most likely meant. */
const QUOTED: Readonly<Record<string, string>> = {
  key: ": pilotty key 'Tab Enter'. Or give each key as a word of its own: pilotty send Tab Enter",
  type: ". For text and keys, each a word: pilotty send 'git status' Enter",
};

/** Of a command that is not about sessions, where one of them was named. */
const INSTEAD: Readonly<Record<string, string>> = {
  logs: "It is the daemon's log. 'pilotty tail NAME' prints what a session of a project prints, 'pilotty output -s NAME' of any.",
};

export function explainMistake({ cause, parser, guidance }: UnreadLineError): UsageError {
  const { code, message } = cause;
  const { hint, example } = guidance;
  if (code === 'commander.excessArguments') {
    const taken = parser.registeredArguments.length;
    const surplus = parser.args[taken];
    const takesSession = parser.options.some(({ long }) => long === '--session');
    if (taken > 0) {
      const session = takesSession ? "; a session is named with '-s NAME'" : '';
      return new UsageError(
        `${parser.name()} got an unexpected argument: '${surplus}'`,
        `Put quotes around an argument that has spaces${QUOTED[parser.name()] ?? session}.`,
      );
    }
    return new UsageError(
      `${parser.name()} takes no arguments, but got '${surplus}'`,
      takesSession
        ? `For the session of that name write: pilotty ${parser.name()} -s ${surplus}.`
        : INSTEAD[parser.name()],
    );
  }
  if (code === 'commander.missingArgument') {
    const [, missing = ''] = /argument '(\w+)/.exec(message) ?? [];
    return new UsageError(`${missing} is missing`, example && `For example: ${example}.`);
  }
  // "error: unknown option '--formt'\n(Did you mean --format?)"
  const [, problem = message, meant] = /^error: (.*?)(?:\n\((Did you mean [^\n]+)\))?$/s.exec(message) ?? [];
  if (code !== 'commander.unknownOption') return new UsageError(problem, meant);
  const [, given = ''] = /'(-[^=']+)/.exec(problem) ?? [];
  const ours = oursForOption(parser.name(), given);
  if (ours !== undefined) return new UsageError(problem, ours);
  const [, name = '', value] = /'(--[^=']+)(=)?/.exec(problem) ?? [];
  const known = ['--help', ...parser.options.map(({ long }) => long ?? '')];
  if (value && known.includes(name)) return new UsageError(`${name} takes no value`);
  const near = name === '' ? undefined : nearest(name, known);
  return new UsageError(problem, near === undefined ? hint : `Did you mean ${near}?`);
}
