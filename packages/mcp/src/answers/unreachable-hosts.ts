/** Hosts of a fleet that an answer lacks: what is not listed may be on one of them. */
import { plainSentence } from '@pilotty/client';

interface Unreachable {
  host: string;
  reason: string;
  last_sessions: readonly { name: string }[];
}

export function unreachableHosts(answer: object): string[] {
  const { unreachable = [] } = answer as { unreachable?: readonly Unreachable[] };
  return unreachable.map(({ host, reason, last_sessions: known }) => {
    const names = known.length === 0 ? 'no session' : known.map(({ name }) => name).join(', ');
    return plainSentence(
      `host ${host} does not answer, and is not in this answer (${reason}); it had ${names}`,
    );
  });
}
