/** Which file a program is, by the rules of execvp(3): for rules that name programs. */
import fs from 'node:fs/promises';
import path from 'node:path';

export interface ProgramFacts {
  given: string;
  /** Where it was found, and what is there once links are followed; undefined where there is none, which is refused later. */
  path?: string | undefined;
  real?: string | undefined;
}

export async function findProgram(
  given: string,
  cwd: string,
  searchPath = '/usr/local/bin:/usr/bin:/bin',
  mode: number = fs.constants.X_OK,
): Promise<ProgramFacts> {
  const places = given.includes('/')
    ? [given]
    : searchPath.split(':').map((directory) => `${directory}/${given}`);
  for (const place of places) {
    const candidate = path.resolve(cwd, place);
    try {
      await fs.access(candidate, mode);
      if ((await fs.stat(candidate)).isFile())
        return { given, path: candidate, real: await fs.realpath(candidate) };
    } catch {
      // The next one.
    }
  }
  return { given };
}

/** A pattern with a slash is of paths, and its `*` ends at one; another is of names. */
export function fitsProgram(pattern: string, { given, path: found, real }: ProgramFacts): boolean {
  const paths = [found, real].filter((each) => each !== undefined);
  const subjects = pattern.includes('/') ? paths : [given, ...paths].map((each) => path.basename(each));
  return subjects.some((subject) => fits(pattern, subject, '[^/]*'));
}

export function fits(pattern: string, subject: string, any = '.*'): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join(any)}$`, 's').test(subject);
}
