/** `-H nats://SERVER/FLEET/HOST`: the command runs here, with the daemon of a host of a fleet. */
import { asking, clientOfOurs, loadFleet } from '@pilotty/app-fleet/load';
import type { HostClient } from '@pilotty/client/node';
import { type Asked, callerOf } from '../asked.ts';
import type { Io } from '../io.ts';
import { programsOf } from '../programs.ts';
import type { There } from '../there.ts';
import { UsageError } from '../usage-error.ts';

/** @param option where the address was given, for messages. @throws UsageError, RequestError */
export async function hostOfFleet(text: string, option: string, io: Io): Promise<There> {
  const { callerName, parseFleetHost, natsOptionsFrom, createOneHostClient } = await loadFleet(
    programsOf(io),
  );
  const address = parseFleetHost(text);
  if ('problem' in address)
    throw new UsageError(
      `${option} is '${text}', ${address.problem}`,
      'Such as nats://nats.example:4222/ci/build-1; --fleet nats://nats.example:4222/ci is for all of them.',
    );
  const nats = await asking(async () => natsOptionsFrom(io.env, 'pilotty'));
  let client: HostClient | undefined;
  return {
    makeClient(asked: Asked) {
      const caller = callerOf(asked, io.env);
      client = clientOfOurs(
        createOneHostClient({
          address,
          nats,
          startsDaemon: () => asked.startsDaemon,
          warn: asked.warn,
          client: { ...caller, name: caller.name ?? callerName() },
        }),
      );
      return client;
    },
    io: {
      env: { ...withoutOwnSession(io.env), PILOTTY_HOST: text, PILOTTY_FLEET: undefined },
      surroundings: async () => await (client as HostClient).surroundings(),
    },
  };
}

/** In a session of this host PILOTTY_SESSION names that one, which is none of another's. */
export function withoutOwnSession({
  PILOTTY: isInside,
  PILOTTY_SESSION: session,
  ...env
}: Io['env']): Io['env'] {
  return { ...env, PILOTTY_SESSION: isInside ? undefined : session };
}
