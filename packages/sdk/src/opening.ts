/** From a link to what a user is given: with the link closed again where that fails. */
import type { CallOptions, Link } from './link.ts';
import { type Pilotty, pilottyOver, type SpawnOptions } from './pilotty.ts';
import { type Session, sessionOver } from './session.ts';

export async function openPilotty(link: Link, { signal }: CallOptions): Promise<Pilotty> {
  return await closedUnless(link, async () => {
    await link.main.request('daemon.info', {}, { signal });
    return pilottyOver(link);
  });
}

/** A session that closes the connection with itself. */
export async function openSpawned(
  link: Link,
  argv: string | readonly string[],
  params: SpawnOptions,
  { signal }: CallOptions,
): Promise<Session> {
  return await owned(link, (pilotty) => pilotty.spawn(argv, params, { signal }));
}

/** A session that closes the connection with itself. */
export async function openAttached(link: Link, name: string, { signal }: CallOptions): Promise<Session> {
  return await owned(link, (pilotty) => pilotty.attach(name, { signal }));
}

async function owned(link: Link, find: (pilotty: Pilotty) => Promise<Session>): Promise<Session> {
  return await closedUnless(link, async () => {
    const { reference, name, created } = await find(pilottyOver(link));
    return sessionOver({ link, reference, name, created, ownsLink: true });
  });
}

async function closedUnless<T>(link: Link, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    await link.close();
    throw error;
  }
}
