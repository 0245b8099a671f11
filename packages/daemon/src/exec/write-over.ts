/**
 * Files that are used again. To create a file, to remove it or to empty it costs a disk a millisecond, which is as long
 * as a short command; to write over what is there costs next to nothing.
 */
import fs from 'node:fs';

/** The file has this text then and nothing else, whether it was there or not. */
export function writeOver(path: string, text: string): void {
  const bytes = Buffer.from(text);
  const fd = fs.openSync(path, fs.constants.O_WRONLY | fs.constants.O_CREAT, 0o600);
  try {
    for (let written = 0; written < bytes.length; ) written += fs.writeSync(fd, bytes, written);
    fs.ftruncateSync(fd, bytes.length);
  } finally {
    fs.closeSync(fd);
  }
}

/** Nothing of its text stays. An empty file would be written to the disk at once. */
export function blank(path: string): void {
  if (fs.existsSync(path)) writeOver(path, '\n');
}
