/** Every command by name, in the order of the help. */
import type { Command } from '../command.ts';
import { cleanup } from './cleanup.ts';
import { end } from './end.ts';
import { exec } from './exec.ts';
import { list } from './list.ts';
import { read } from './read.ts';
import { start } from './start.ts';
import { status } from './status.ts';
import { write } from './write.ts';
import { writeKey } from './write-key.ts';

export const commands: ReadonlyMap<string, Command> = new Map(
  Object.entries({ start, exec, write, 'write-key': writeKey, read, status, list, end, cleanup }),
);
