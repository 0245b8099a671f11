/** Writes a skill where an agent finds it. What is there already and is not ours to replace stays. */
import { lstat, mkdir, open, readFile, realpath, rename, rm } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { RequestError } from '@pilotty/client';
import type { Io } from './io.ts';
import { SKILL_NAME } from './skill.ts';
import { type SkillPlace, skillPlaces } from './skill-places.ts';
import { UsageError } from './usage-error.ts';

export interface InstalledSkill {
  agent: string;
  path: string;
  outcome: 'created' | 'unchanged' | 'replaced';
}

/** @throws RequestError CONDITION_FAILED where a file with other contents is there, and nothing is written */
export async function installSkill(
  agent: string,
  text: string,
  { project, force }: { project: boolean; force: boolean },
  io: Io,
): Promise<InstalledSkill> {
  const place = skillPlaces[agent];
  if (place === undefined) throw new UsageError(`no agent '${agent}' is known`);
  const directory = project ? resolve(io.cwd, place.project) : userDirectory(place, io);
  const path = join(directory, SKILL_NAME, 'SKILL.md');
  try {
    const present = await contentsOf(path);
    if (present === text) return { agent, path, outcome: 'unchanged' };
    if (present !== undefined && !force) throw changed(path);
    await mkdir(dirname(path), { recursive: true });
    // Where it is a link, into a folder of dotfiles for example, it stays one.
    await writeWhole(present === undefined ? path : await realpath(path), text);
    return { agent, path, outcome: present === undefined ? 'created' : 'replaced' };
  } catch (error) {
    if (error instanceof RequestError) throw error;
    throw new RequestError('UNAVAILABLE', `cannot write '${path}': ${(error as Error).message}`, {
      suggestion: 'Make it possible to write there, or print the skill: pilotty skill > SKILL.md',
    });
  }
}

function userDirectory({ user, variable }: SkillPlace, { env }: Io): string {
  const given = variable && env[variable.name];
  if (variable && given && isAbsolute(given)) return join(given, variable.below);
  if (env.HOME && isAbsolute(env.HOME)) return join(env.HOME, user);
  throw new UsageError('HOME is not set', 'Set it, or write into the current directory: --project.');
}

/** Undefined where nothing is there. @throws for what is there and cannot be read, a link that leads nowhere as well */
async function contentsOf(path: string): Promise<string | undefined> {
  const isThere = await lstat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
  return isThere ? await readFile(path, 'utf8') : undefined;
}

function changed(path: string): RequestError {
  return new RequestError('CONDITION_FAILED', `'${path}' is there with other contents`, {
    suggestion: 'Look at it; --force replaces it.',
    details: { path },
  });
}

/** An agent may read it at this moment: it finds the old file or the new one. Modes are as the umask says. */
async function writeWhole(path: string, text: string): Promise<void> {
  const unfinished = `${path}.${process.pid}`;
  try {
    const file = await open(unfinished, 'wx');
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}
