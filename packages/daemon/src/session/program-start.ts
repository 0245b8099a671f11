/** Starting the program of a session, on this host or in a container. */

import { commandLine } from '@pilotty/protocol';
import { Entry, entering } from '../containers/entry.ts';
import { parsePlace } from '../containers/place.ts';
import { ProgramInside } from '../containers/program-inside.ts';
import { RuntimeAsker } from '../containers/runtime-asker.ts';
import { leaderOnlyWaits } from '../processes/foreground.ts';
import { Run, type RunListeners } from './run.ts';
import { nameVariables } from './session-name.ts';
import type { SessionOptions } from './session-options.ts';

type ProgramOptions = Omit<SessionOptions, 'history'>;

interface StartedIn {
  name: string;
  size: { cols: number; rows: number };
  /** Who knows it may set the state of the session. */
  stateKey: string;
}

/** @throws Error when no terminal or process can be made. */
export function startProgram(
  { faults, integration, ...options }: ProgramOptions,
  { name, size, stateKey }: StartedIn,
  listeners: RunListeners,
): Run {
  const { env } = integration ?? options;
  const started = {
    ...options,
    ...integration,
    ...size,
    env: { ...nameVariables(env, name), PILOTTY_STATE_KEY: stateKey },
  };
  const { in: inside, argv } = options;
  if (inside === undefined) return Run.start(started, listeners, faults);
  const entry = new Entry();
  const its = nameVariables(inside.env, name);
  const asked = { place: parsePlace(inside.place), argv, cwd: inside.cwd, env: its, size };
  const entered = entering(asked, entry.nonce, started.env);
  return Run.start({ ...started, ...entered }, listeners, faults, entry);
}

/**
 * A program in a container is asked for in there; in a namespace the kernel of this host knows it.
 * @returns the program, where it has to be asked for
 */
export function programInside(
  { in: inside, argv, env, cwd }: ProgramOptions,
  { entry, terminal, ended }: Run,
): ProgramInside | undefined {
  if (inside === undefined || entry === undefined) return undefined;
  const place = parsePlace(inside.place);
  if (place.runtime === 'nsenter') {
    void ended.then(leaderOnlyWaits(terminal.pid));
    return undefined;
  }
  return new ProgramInside(inside.place, commandLine(argv), entry, new RuntimeAsker(place, env, cwd));
}
