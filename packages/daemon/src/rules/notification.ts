/** The program that shows a notification on this desktop, with the words for it. */
import { NOTIFIERS } from '../policy/notifiers.ts';
import { findProgram } from '../policy/programs.ts';
import type { Firing, RuleRecord } from './rule.ts';

export interface Notification {
  title: string;
  body: string;
}

/** More is shown nowhere. */
const MAX_LENGTH = 200;

/** What the firing of a rule says to a person: on this desktop, and on the page in a browser. */
export function noticeOf(
  { rule, made_by }: Pick<RuleRecord, 'rule' | 'made_by'>,
  {
    session,
    fired,
    met,
    match_text,
    line = match_text,
    exit,
  }: Pick<Firing, 'session' | 'fired' | 'met' | 'match_text' | 'line' | 'exit'>,
): Notification {
  const isEnd = fired === 'ended' || met.includes('exit');
  const end = `ended with ${exit?.exit_code ?? exit?.signal ?? 'an unknown exit code'}`;
  const what = fired === 'test' ? 'a test' : isEnd ? end : (line ?? met.join(', '));
  return {
    title: oneLine(`${session?.name ?? 'pilotty'}: ${what}`),
    body: oneLine(`Rule ${rule} of ${made_by}`),
  };
}

/** A program has printed a part of it: no control character, and nothing that makes it read as another text. */
function oneLine(text: string): string {
  const hidden = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]+/gu;
  return text
    .replaceAll(hidden, ' ')
    .slice(0, MAX_LENGTH)
    .replace(/[\ud800-\udbff]$/, '');
}

const APPLESCRIPT = 'on run argv\ndisplay notification (item 2 of argv) with title (item 1 of argv)\nend run';

const WORDS: Readonly<Record<(typeof NOTIFIERS)[number], (shown: Notification) => string[]>> = {
  'notify-send': ({ title, body }) => ['--app-name=pilotty', '--', title, body],
  osascript: ({ title, body }) => ['-e', APPLESCRIPT, '--', title, body],
  'terminal-notifier': ({ title, body }) => ['-title', title, '-message', body],
};

/** What there is to notify with; undefined where there is nothing. */
export async function notifier(
  path: string | undefined,
): Promise<((shown: Notification) => string[]) | undefined> {
  for (const name of NOTIFIERS) {
    const { path: file } = await findProgram(name, '/', path);
    if (file !== undefined) return (shown) => [file, ...WORDS[name](shown)];
  }
  return undefined;
}

export const NO_NOTIFIER =
  'no program for notifications was found: notify-send, osascript or terminal-notifier';
