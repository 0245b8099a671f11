/**
 * The skill file that coding agents load: the text of `pilotty help agents` as Markdown under the front matter that
 * their format demands, and with `isFull` the tables that an agent would otherwise ask for one by one.
 */
import { errors } from '@pilotty/client';
import { AGENTS } from './agents-topic.ts';
import type { Option } from './command.ts';
import { environmentTable } from './environment-table.ts';
import { exitCodeTable } from './exit-code-table.ts';
import { keyNames, modifierNames } from './key-names.ts';
import { conditions } from './wait-options.ts';

export const SKILL_NAME = 'pilotty';

/** What an agent reads of every skill at its start, to decide whether to load this one. */
const DESCRIPTION =
  'Drive terminal programs with the pilotty command: shells, REPLs, editors, installers, dialogs, dev servers, ' +
  'anything that needs a terminal or stays running. Use it to start a program, type text and press keys, wait for ' +
  'what it shows instead of sleeping, read its screen as text, answer prompts and passwords, and run many at once.';

export function skillText(isFull: boolean): string {
  const parts = [frontMatter(), '# pilotty', markdownOf(AGENTS), ...(isFull ? [tables()] : [])];
  return `${parts.join('\n\n')}\n`;
}

function frontMatter(): string {
  return ['---', `name: ${SKILL_NAME}`, `description: ${JSON.stringify(DESCRIPTION)}`, '---'].join('\n');
}

/** A line above indented ones becomes a heading, and these a block of code. */
function markdownOf(page: string): string {
  return page
    .trim()
    .split(/\n{2,}/)
    .map((paragraph) => {
      const lines = paragraph.split('\n');
      const isIndented = (line: string) => line.startsWith('  ');
      if (lines.every(isIndented)) return fenced(lines);
      const [heading = '', ...rest] = lines;
      if (rest.length > 0 && rest.every(isIndented)) return `## ${heading}\n\n${fenced(rest)}`;
      return lines.some((line) => / {2,}/.test(line)) ? fenced(lines) : paragraph;
    })
    .join('\n\n');
}

function fenced(lines: readonly string[]): string {
  return ['```text', ...lines.map((line) => line.replace(/^ {2}/, '')), '```'].join('\n');
}

function tables(): string {
  return [
    '## All conditions',
    'With `--wait-` before them where a command acts or looks, with `--` at `pilotty wait`. All that are given must be met at once; `--wait-any`: one is enough.',
    list(
      Object.entries<Option<unknown>>(conditions).map(([name, { placeholder, description }]) => [
        `--wait-${name}${placeholder === undefined ? '' : ` ${placeholder}`}`,
        description,
      ]),
    ),
    '## All exit codes',
    list(exitCodeTable),
    '## Errors',
    'One object on stderr: `code`, `message`, `suggestion`, `details`.',
    list(Object.entries(errors).map(([code, { meaning, suggestion }]) => [code, `${meaning} ${suggestion}`])),
    '## Keys',
    `A character, or a name: ${keyNames.join(' ')}. Modifiers before it, as in Ctrl+C: ${modifierNames.join(' ')}.`,
    '## Environment',
    list(environmentTable),
  ].join('\n\n');
}

function list(rows: readonly (readonly [string, string])[]): string {
  return rows.map(([name, meaning]) => `- \`${name}\`: ${meaning}`).join('\n');
}
