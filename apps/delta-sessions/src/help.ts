/** The help and the version, made from the commands. */
import { VERSION } from '@pilotty/client';
import type { Command } from './command.ts';
import { commands } from './commands/index.ts';
import type { Generation } from './generation.ts';

const SESSIONS_DIR = [
  '--sessions-dir DIR',
  'where the sessions are kept; .sessions in this directory',
] as const;

export function overview({ program }: Generation): string {
  const rows = [...commands].map(
    ([name, { usage, summary }]) => [`${name} ${usage}`.trim(), summary] as const,
  );
  return [
    `Usage: ${program} COMMAND [options]`,
    'Sessions of programs on terminals, for agents: each call is a process, the sessions outlive it.',
    `Commands:\n${columns(rows)}`,
    `Options, anywhere:\n${columns([SESSIONS_DIR, ['-h, --help', 'this, or after a command what it takes'], ['-v, --version', 'the version']])}`,
    `Environment:\n${columns([['DELTA_LOG_LEVEL', 'debug, info, warn, error or silent: what is printed on stderr']])}`,
    "A session is called by its id in 'pilotty' too: 'pilotty snapshot -s ID' shows its screen.\n",
  ].join('\n\n');
}

export function helpOf(
  name: string,
  { usage, summary, options = {}, more, examples }: Command,
  generation: Generation,
): string {
  const rows = Object.entries(options).map(
    ([option, { placeholder, description }]) =>
      [placeholder === undefined ? `--${option}` : `--${option} ${placeholder}`, description] as const,
  );
  const lines = examples.map(
    ([line, purpose]) => `  ${line.replaceAll('delta-sessions', generation.program)}\n      ${purpose}`,
  );
  return [
    `Usage: ${generation.program} ${name} ${usage}`.trimEnd(),
    `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`,
    ...(more === undefined ? [] : [more]),
    `Options:\n${columns([...rows, SESSIONS_DIR])}`,
    `Examples:\n${lines.join('\n')}\n`,
  ].join('\n\n');
}

export function version({ program }: Generation): string {
  return `${program} v${VERSION} (pilotty)\n`;
}

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
}
