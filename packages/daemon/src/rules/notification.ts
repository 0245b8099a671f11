/** The program that shows a notification on this desktop, with the words for it. */
import { NOTIFIERS } from '../policy/notifiers.ts';
import { findProgram } from '../policy/programs.ts';

export interface Notification {
  title: string;
  body: string;
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
