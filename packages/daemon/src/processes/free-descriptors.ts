/** Whether this process can open so many more descriptors: tried, because only the kernel knows. */
import fs from 'node:fs';
import { isOutOfDescriptors, outOfDescriptors } from '../no-descriptors.ts';

export function hasFreeDescriptors(count: number): boolean {
  return shortage(count) === undefined;
}

/** @param what cannot be done without them, for the error */
export function needDescriptors(count: number, what: string): void {
  const error = shortage(count);
  if (error !== undefined) throw outOfDescriptors(what, error);
}

function shortage(count: number): unknown {
  const opened: number[] = [];
  try {
    while (opened.length < count) opened.push(fs.openSync('/dev/null', 'r'));
    return undefined;
  } catch (error) {
    return isOutOfDescriptors(error) ? error : undefined;
  } finally {
    for (const descriptor of opened) fs.closeSync(descriptor);
  }
}
