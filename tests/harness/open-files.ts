import { readdirSync, readlinkSync } from 'node:fs';

/** What each descriptor of a process leads to, by its number; nothing where the system has no /proc. */
export function openFiles(pid: number): Map<string, string> {
  const open = new Map<string, string>();
  if (process.platform !== 'linux') return open;
  for (const descriptor of readdirSync(`/proc/${pid}/fd`)) {
    try {
      open.set(descriptor, readlinkSync(`/proc/${pid}/fd/${descriptor}`));
    } catch {
      // Closed since it was listed.
    }
  }
  return open;
}
