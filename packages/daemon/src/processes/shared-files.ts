/** Whether a process finds the files that this one does: another mount namespace, or chroot(2), has others under the same names. */
import fs from 'node:fs';

/** @param file that is there for this process; true where the kernel does not say what it is for the other */
export function findsFile(pid: number, file: string): boolean {
  if (process.platform !== 'linux') return true;
  try {
    if (
      fs.readlinkSync(`/proc/${pid}/ns/mnt`) === ownNamespace() &&
      fs.readlinkSync(`/proc/${pid}/root`) === '/'
    )
      return true;
    const ours = fs.statSync(file);
    const theirs = fs.statSync(`/proc/${pid}/root${file}`);
    return ours.dev === theirs.dev && ours.ino === theirs.ino;
  } catch (error) {
    // Another user's, such as a shell of sudo, may not be looked at.
    return !(error instanceof Error && 'code' in error && error.code === 'ENOENT' && isThere(pid));
  }
}

let own: string | undefined;

function ownNamespace(): string {
  own ??= fs.readlinkSync('/proc/self/ns/mnt');
  return own;
}

function isThere(pid: number): boolean {
  return fs.existsSync(`/proc/${pid}/root/`);
}
