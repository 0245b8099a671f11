/** What a launch stands on: a daemon, and a directory that its programs can read. */
import { startLocal, type TerminalFaults } from '@pilotty/app-daemon/local';
import type { Pilotty } from '@pilotty/sdk';
import { endLeftOver } from './left-over.ts';
import { LocalPlace } from './local-place.ts';
import type { Files, Place } from './place.ts';

export interface Ground {
  pilotty: Pilotty;
  place: Place;
  /** Of the session, besides what every launch has. */
  session: { ttl_ms?: number };
  /** Ends what has left the terminal of the program, which has ended, and removes the directory. */
  close(): Promise<void>;
}

/** In this process. @throws TypeError for a file that would be outside of the directory */
export async function groundHere(files: Files, faults: TerminalFaults): Promise<Ground> {
  const place = await LocalPlace.make(files);
  try {
    const pilotty = await startLocal({ faults: Object.keys(faults).length > 0 ? faults : undefined });
    return {
      pilotty,
      place,
      session: {},
      async close() {
        await pilotty.close();
        endLeftOver(place.directory);
        await place.close();
      },
    };
  } catch (error) {
    await place.close();
    throw error;
  }
}
