/** A launch on another host: its daemon, and a directory there. */
import type { ConnectOptions, Pilotty } from '@pilotty/sdk';
import type { Ground } from '../ground.ts';
import type { Files } from '../place.ts';
import { HostPlace } from './host-place.ts';

/** A test that is killed cannot end its program there. */
const ENDS_AFTER_MS = 60 * 60 * 1000;

type Connect = (options: ConnectOptions) => Promise<Pilotty>;

/** @throws as connect(), and as HostPlace.make() */
export async function groundThere(
  host: string,
  remotePath: string | undefined,
  files: Files,
): Promise<Ground> {
  const { connect }: { connect: Connect } = await import('@pilotty/sdk');
  const pilotty = await connect({ host, remotePath });
  try {
    const place = await HostPlace.make(pilotty, files);
    return {
      pilotty,
      place,
      session: { ttl_ms: ENDS_AFTER_MS },
      async close() {
        try {
          await place.close();
        } finally {
          await pilotty.close();
        }
      },
    };
  } catch (error) {
    await pilotty.close();
    throw error;
  }
}
