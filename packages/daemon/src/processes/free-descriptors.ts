/** Whether this process can open so many more descriptors: tried, because only the kernel knows. */
import fs from 'node:fs';

export function hasFreeDescriptors(count: number): boolean {
  const opened: number[] = [];
  try {
    while (opened.length < count) opened.push(fs.openSync('/dev/null', 'r'));
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code !== 'EMFILE' && code !== 'ENFILE';
  } finally {
    for (const descriptor of opened) fs.closeSync(descriptor);
  }
}
