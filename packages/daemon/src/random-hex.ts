/**
 * Random names from the kernel's own source. node:crypto would give the same bytes, but its loading
 * is a tenth of what Node itself takes to start, and the first command waits for it.
 */
import fs from 'node:fs';

export function randomHex(bytes: number): string {
  const buffer = Buffer.alloc(bytes);
  const fd = fs.openSync('/dev/urandom', 'r');
  try {
    fs.readSync(fd, buffer);
  } finally {
    fs.closeSync(fd);
  }
  return buffer.toString('hex');
}
