import fs from 'node:fs';

/** Whether what is at a path is that very file, and not another that has taken its name. */
export function isSameFile(path: string, { ino, dev }: { ino: number; dev: number }): boolean {
  const found = fs.lstatSync(path, { throwIfNoEntry: false });
  return found !== undefined && found.ino === ino && found.dev === dev;
}
