/** What was recorded as a script of sh(1): one command of pilotty for each input, which waits for what comes of it. */
import { commandLine, shellQuote, singleQuoted } from '@pilotty/protocol';
import { firstTexts } from './evidence.ts';
import type { Recorded } from './recorded.ts';
import { secretNames, withSecrets } from './secrets.ts';
import { type Action, awaitsPrompt, proofOf, type Step } from './steps.ts';

/** What a command waits unless it is told otherwise. */
const DEFAULT_WAIT_MS = 30_000;
/** Not quoted: the script's own variable. */
const SESSION = '-s "$session"';

export function shellScript(recorded: Recorded): string {
  const { title, steps, missed, exit, stepMs } = recorded;
  const secrets = secretNames(steps);
  const lines = [
    '#!/bin/sh',
    `# ${title.replaceAll(/\s+/g, ' ')}`,
    '# It ends with the exit code of the first command that fails: 3 where what is waited for has not come.',
    'set -eu',
    'session=recorded-$$',
    ...(secrets.length > 0
      ? ['# Passwords were not recorded.', ...secrets.map((name) => `: "\${${name}:?}"`)]
      : []),
    ...placeOf(recorded),
    `pilotty spawn --name "$session" ${spawned(recorded)} > /dev/null`,
    ...startOf(recorded),
    ...withSecrets(steps).map(({ step, secret }) => `${commandOf(step, secret, stepMs)} > /dev/null`),
    ...(missed > 0 ? [`# ${missed} further inputs were not recorded.`] : []),
    ...(exit === undefined || exit.killed_by_client
      ? []
      : [
          `pilotty wait ${SESSION} --exit${stepMs > DEFAULT_WAIT_MS ? ` --timeout ${stepMs / 1000}s` : ''} > /dev/null`,
        ]),
    ...Object.entries(recorded.written).map(
      ([name, content]) => `printf %s ${singleQuoted(content)} | cmp - ${shellQuote(name)}`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

const END = 'pilotty kill -s "$session" > /dev/null 2>&1 || true';

function placeOf({ cwd, files }: Recorded): string[] {
  if (cwd !== undefined) return [`trap '${END}' EXIT`, `cd ${shellQuote(cwd)}`];
  return [
    'directory=$(mktemp -d)',
    `trap '${END}; rm -rf "$directory"' EXIT`,
    'cd "$directory"',
    ...Object.entries(files).map(
      ([name, content]) => `printf %s ${singleQuoted(content)} > ${shellQuote(name)}`,
    ),
  ];
}

function spawned({ argv, size, term }: Recorded): string {
  const given = term === 'xterm-256color' ? [] : ['--term', term];
  return commandLine(['--size', `${size.cols}x${size.rows}`, ...given, '--', ...argv]);
}

function startOf({ first }: Recorded): string[] {
  const [text] = firstTexts(first);
  if (text !== undefined) return [`pilotty wait-for ${SESSION} ${commandLine(['--', text])} > /dev/null`];
  return first.isAtPrompt ? [`pilotty wait ${SESSION} --prompt > /dev/null`] : [];
}

function commandOf(step: Step, secret: string, stepMs: number): string {
  const awaited = waitOf(step);
  const wait =
    awaited !== '' && stepMs > DEFAULT_WAIT_MS ? `${awaited} --wait-timeout ${stepMs / 1000}s` : awaited;
  const { action } = step;
  if ('hidden' in action) {
    const enter = action.enter ? ' --enter' : '';
    return `pilotty type ${SESSION} --secret env:${secret}${enter}${wait}`;
  }
  if ('method' in action && action.method === 'session.paste') {
    const enter = action.params.enter === true ? ' --enter' : '';
    return `printf %s ${singleQuoted(String(action.params.text))} | pilotty paste ${SESSION}${enter}${wait}`;
  }
  const [name, ...words] = wordsOf(action);
  return `pilotty ${name} ${SESSION}${wait} ${commandLine(words)}`.trimEnd();
}

/** The echo of input never matches, and of the focus of an element there is no condition: something has changed then. */
function waitOf(step: Step): string {
  const evidence = proofOf(step);
  const prompt = awaitsPrompt(step) ? ' --wait-prompt' : '';
  switch (evidence?.kind) {
    case 'text':
      return `${prompt} --wait-text${optionValue(evidence.text)}`;
    case 'gone':
      return prompt || ` --wait-gone${optionValue(evidence.text)}`;
    case 'cursor':
      return prompt || ` --wait-cursor ${evidence.row},${evidence.col}`;
    case undefined:
      return prompt;
    default:
      return prompt || ' --wait-change';
  }
}

/** Behind a blank, what begins with '-' would be an option of its own. */
function optionValue(text: string): string {
  return `${text.startsWith('-') ? '=' : ' '}${singleQuoted(text)}`;
}

function wordsOf(action: Exclude<Action, { hidden: true }>): string[] {
  if ('parts' in action) return sent(action.parts);
  const { method, params } = action;
  const name = method.replace('session.', '');
  const { text, data_base64: data, enter, direction, amount, signal, command, row, col } = params;
  const given = (option: string, value: unknown) => (value === undefined ? [] : [option, String(value)]);
  const held = ['shift', 'alt', 'ctrl', 'force']
    .filter((key) => params[key] === true)
    .map((key) => `--${key}`);
  const thenEnter = enter === true ? ['--enter'] : [];
  switch (name) {
    case 'type':
      return [name, '--escapes', ...thenEnter, '--', escaped(Buffer.from(String(data), 'base64'))];
    case 'signal':
      return [name, String(signal)];
    case 'exec':
      return [name, '--', String(command)];
    case 'resize':
      return [name, String(params.cols), String(params.rows)];
    case 'scroll':
      return [
        name,
        ...held,
        ...given('--row', row),
        ...given('--col', col),
        String(direction),
        ...(amount === undefined ? [] : [String(amount)]),
      ];
    case 'choose':
      return [name, `--text=${text}`];
    default:
      return pointed(name, params, held);
  }
}

function pointed(name: string, params: Readonly<Record<string, unknown>>, held: readonly string[]): string[] {
  const { text, row, col, to_row: toRow, to_col: toCol, action, button, count } = params;
  const which = button === undefined || button === 'left' ? [] : ['--button', String(button)];
  const times = count === undefined || count === 1 ? [] : ['--count', String(count)];
  const to = toRow === undefined ? [] : [String(toRow), String(toCol)];
  const where = text === undefined ? [String(row), String(col)] : [`--text=${text}`];
  return [
    name,
    ...which,
    ...times,
    ...held,
    ...(action === undefined ? [] : [String(action)]),
    ...where,
    ...to,
  ];
}

function sent(parts: readonly ({ text: string } | { key: string } | { word: string })[]): string[] {
  const [first, second, ...others] = parts;
  if (first && 'key' in first && second === undefined) return ['key', first.key];
  const isThenEnter = second && 'key' in second && second.key === 'Enter' && others.length === 0;
  if (first && 'text' in first && (second === undefined || isThenEnter))
    return ['type', ...(isThenEnter ? ['--enter'] : []), '--', first.text];
  return [
    'send',
    ...parts.flatMap((part) =>
      'key' in part ? part.key.split(' ') : 'text' in part ? ['--literal', part.text] : wordOf(part.word),
    ),
  ];
}

/** No key is called by a name that begins with '-': it is text. */
function wordOf(word: string): string[] {
  return word.startsWith('-') ? ['--literal', word] : [word];
}

/** As `type --escapes` reads it. */
function escaped(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) =>
    byte >= 0x20 && byte < 0x7f && byte !== 0x5c
      ? String.fromCharCode(byte)
      : `\\x${byte.toString(16).padStart(2, '0')}`,
  ).join('');
}
