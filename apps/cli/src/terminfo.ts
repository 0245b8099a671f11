import { existsSync, readdirSync } from 'node:fs';

/** The directories that ncurses looks in, in its order, with those that distributions compile in. */
function terminfoDirectories(env: Readonly<Record<string, string | undefined>>): string[] {
  return [
    env.TERMINFO,
    env.HOME && `${env.HOME}/.terminfo`,
    ...(env.TERMINFO_DIRS ?? '').split(':'),
    '/etc/terminfo',
    '/lib/terminfo',
    '/usr/share/terminfo',
    '/usr/lib/terminfo',
    '/usr/local/share/terminfo',
  ].filter((directory): directory is string => Boolean(directory));
}

/** Where a terminal's entry is; undefined when programs cannot know this terminal. */
export function findTerminfo(
  name: string,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  // Filed under the first letter, or on macOS under its code.
  const folders = [name.charAt(0), name.charCodeAt(0).toString(16)];
  return terminfoDirectories(env)
    .flatMap((directory) => folders.map((folder) => `${directory}/${folder}/${name}`))
    .find((path) => existsSync(path));
}

/** Whether any directory has entries at all; where none has, programs know their terminals in some other way. */
export function hasTerminfo(env: Readonly<Record<string, string | undefined>>): boolean {
  return terminfoDirectories(env).some((directory) => {
    try {
      return readdirSync(directory).some((folder) => /^(?:.|[0-9a-f]{2})$/.test(folder));
    } catch {
      // It is not there, or not ours to see.
      return false;
    }
  });
}
