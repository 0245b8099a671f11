/** `--fleet nats://SERVER/FLEET`: the command runs here, with the daemons of all hosts of a fleet. */
import { asking, clientOfOurs, loadFleet } from '@pilotty/app-fleet/load';
import type { Asked } from '../asked.ts';
import type { Io } from '../io.ts';
import { printWarning } from '../output.ts';
import { programsOf } from '../programs.ts';
import type { There } from '../there.ts';
import { UsageError } from '../usage-error.ts';
import { withoutOwnSession } from './host-of-fleet.ts';

/** Of spawn. */
interface Placed {
  on?: readonly (readonly [string, string])[];
  once?: string | undefined;
}

/** As for a host that cannot be reached: the answer lacks it. */
const HOSTS_MISSING = 6;

/** @param option where the address was given, for messages. @throws UsageError, RequestError */
export async function allOfFleet(
  text: string,
  option: string,
  { on = [], once, json }: Placed & { json: boolean },
  io: Io,
): Promise<There> {
  const { callerName, parseFleet, natsOptionsFrom, createFleetClient } = await loadFleet(programsOf(io));
  const address = parseFleet(text);
  if ('problem' in address)
    throw new UsageError(
      `${option} is '${text}', ${address.problem}`,
      'Such as nats://nats.example:4222/ci; -H nats://nats.example:4222/ci/build-1 is for one of its hosts.',
    );
  const nats = await asking(async () => natsOptionsFrom(io.env, 'pilotty'));
  const asked: { current?: Asked } = {};
  const whole = createFleetClient({
    address,
    nats,
    placement: { labels: Object.fromEntries(on), ...(once !== undefined && { once }) },
    startsDaemon: () => asked.current?.startsDaemon ?? false,
    warn: (message) => asked.current?.warn(message),
    client: {
      name: io.env.PILOTTY_CLIENT || callerName(),
      scope: io.env.PILOTTY_SCOPE || undefined,
    },
  });
  const client = clientOfOurs(whole);
  return {
    makeClient(now: Asked) {
      asked.current = now;
      return client;
    },
    io: {
      env: { ...withoutOwnSession(io.env), PILOTTY_HOST: undefined, PILOTTY_FLEET: text },
      surroundings: (name) => client.surroundings(name),
    },
    async exitCode(exitCode) {
      const silent = new Map([...whole.unheard, ...whole.missing]);
      for (const { host, reason, last_seen: lastSeen, last_sessions: sessions } of silent.values()) {
        const known = sessions.length === 0 ? 'no session' : sessions.map(({ name }) => name).join(', ');
        await printWarning(
          io.stderr,
          `${host} is not in the answer: ${reason}. Last heard of at ${lastSeen}, with ${known}.`,
          json,
        );
      }
      return whole.missing.size > 0 && exitCode < 2 ? HOSTS_MISSING : exitCode;
    },
  };
}
