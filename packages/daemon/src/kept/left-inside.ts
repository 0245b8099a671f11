/** Whether the program of a session that was lost goes on in its container: the end of its daemon does not end it. */

import { commandLine } from '@pilotty/protocol';
import { Entry } from '../containers/entry.ts';
import { parsePlace } from '../containers/place.ts';
import { ProgramInside } from '../containers/program-inside.ts';
import { RuntimeAsker } from '../containers/runtime-asker.ts';
import type { LostSession } from './session-record.ts';

/** @param env to find the runtime with; without one that of this process */
export async function isLeftInside(
  { in: inside, process_inside: process, argv, cwd }: LostSession,
  env?: Readonly<Record<string, string>>,
): Promise<boolean> {
  if (inside === undefined || process === undefined) return false;
  const place = parsePlace(inside.place);
  if (place.runtime === 'nsenter') return false;
  const entry = new Entry({ nonce: '', report: { is: 'started', directory: '', ...process } });
  const asker = new RuntimeAsker(place, env, cwd);
  return await new ProgramInside(inside.place, commandLine(argv), entry, asker).isLeft();
}
