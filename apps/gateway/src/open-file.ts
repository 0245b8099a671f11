/** Opens a file that a user named: a FIFO without a writer, or a device, would hang the gateway at its start. */
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';

/** @throws Error when it cannot be opened, or is not a regular file */
export function openRegularFile(path: string): number {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  if (fstatSync(file).isFile()) return file;
  closeSync(file);
  throw new Error(`'${path}' is not a regular file`);
}

export function readRegularFile(path: string): Buffer {
  const file = openRegularFile(path);
  try {
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}
