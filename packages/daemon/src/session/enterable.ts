/** What can be checked on this host before a program is started in a container. */
import fs from 'node:fs';
import { RequestError } from '@pilotty/protocol';
import { cannotEnter, SEE } from '../containers/cannot-enter.ts';
import { isVariableName } from '../containers/entry.ts';
import type { Inside } from '../containers/inside.ts';
import { parsePlace } from '../containers/place.ts';
import { findProcess } from '../processes/process-table.ts';
import { checkStartable } from './starting.ts';

/** @throws RequestError INVALID_INPUT, or SPAWN_FAILED where it is known that it cannot be started */
export async function checkEnterable(
  inside: Inside,
  argv: readonly [string, ...string[]],
  host: { cwd: string; env: Readonly<Record<string, string>> },
): Promise<void> {
  const place = parsePlace(inside.place);
  const unfit = Object.keys(inside.env).find((name) => !isVariableName(name));
  if (unfit !== undefined)
    throw new RequestError(
      'INVALID_INPUT',
      `A shell in the container cannot set a variable named '${unfit}'`,
    );
  const words = [...argv, inside.cwd ?? '', ...Object.values(inside.env)];
  if (words.some((text) => text.includes('\0')))
    throw new RequestError(
      'SPAWN_FAILED',
      'An argument, the directory or the environment has a NUL byte in it',
    );
  if (argv[0] === '') throw cannotEnter(argv[0], inside.place, 'the name of the program is empty');
  try {
    await checkStartable([place.runtime], host.cwd, host.env);
  } catch (error) {
    throw cannotEnter(argv[0], inside.place, (error as Error).message, {
      suggestion: `It takes the command ${place.runtime} on the host of the daemon.`,
    });
  }
  if (place.runtime === 'nsenter') checkProcess(place.pid, argv[0], inside.place);
}

function checkProcess(pid: number, program: string, place: string): void {
  const suggestion = SEE.nsenter;
  if (!findProcess(pid)) throw cannotEnter(program, place, `there is no process ${pid}`, { suggestion });
  try {
    fs.readFileSync(`/proc/${pid}/environ`);
  } catch {
    throw cannotEnter(program, place, `process ${pid} belongs to another user`, { suggestion });
  }
}
