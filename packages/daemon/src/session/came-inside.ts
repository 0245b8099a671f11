/** What only the attempt to start a program in a container shows: whether it has begun, and else what the runtime said. */

import { cannotEnter, SEE } from '../containers/cannot-enter.ts';
import { parsePlace } from '../containers/place.ts';
import { within } from '../within.ts';
import type { Session } from './session.ts';

/** A cluster that pulls nothing answers in some seconds; a program that begins later would be nobody's. */
const BEGINS_WITHIN_MS = 30_000;
const ENDS_WITHIN_MS = 2000;
/** Of what a runtime prints: its last words say why. */
const MAX_SAID = 1000;

/**
 * Waits until the program has reported itself.
 * @throws RequestError SPAWN_FAILED with what the runtime said; the session has ended then
 */
export async function cameInside(session: Session, place: string): Promise<void> {
  const { entry } = session.run;
  if (entry === undefined) return;
  const [program] = session.argv;
  const isSettled = await within(BEGINS_WITHIN_MS, entry.settled);
  const { report } = entry;
  if (report?.is === 'started') return;
  const isOver = isSettled && (await within(ENDS_WITHIN_MS, session.programEnded));
  if (!isOver) await session.kill('SIGKILL', 0);
  if (report?.is === 'no-directory') {
    throw cannotEnter(program, place, 'its directory is not there, or may not be entered', {
      suggestion: 'Give a directory of the container with --cwd DIR.',
    });
  }
  if (report?.is === 'no-program') {
    throw cannotEnter(program, place, 'no such program is found in there', {
      suggestion: 'It is looked for in the PATH of the container.',
    });
  }
  const { runtime } = parsePlace(place);
  const why = isSettled
    ? whatWasSaid(session) || `${runtime} has ended with exit code ${session.exit?.exit_code}`
    : `it has not begun within ${BEGINS_WITHIN_MS / 1000} s, and may still do so in there`;
  throw cannotEnter(program, place, why, { suggestion: SEE[runtime] });
}

function whatWasSaid({ retention, run }: Session): string {
  const { totalBytes } = retention;
  const bytes = retention.read(Math.max(run.outputStart, totalBytes - MAX_SAID), MAX_SAID);
  return bytes.toString().replaceAll(/\s+/g, ' ').trim();
}
