/** What a user may have meant who named another host by none of the addresses that there are. */
import { nearest } from '@pilotty/client';
import { parseFleet, parseFleetHost } from './address.ts';

const FORMS =
  'ssh://[USER@]HOST[:PORT], nats://SERVER[:PORT]/FLEET/HOST, or tls:// for a NATS server that encrypts';
const SCHEMES = ['ssh', 'nats', 'tls'] as const;

export interface NoAddress {
  /** To stand after "is 'TEXT', ". */
  problem: string;
  suggestion: string;
}

/**
 * @param isSshAddress whether ssh can go there
 * @returns undefined for an address that says by its beginning which it is to be
 */
export function noAddress(text: string, isSshAddress: (text: string) => boolean): NoAddress | undefined {
  if (/^(?:ssh|nats|tls):\/\//.test(text)) return undefined;
  const meant = meantBy(text, isSshAddress);
  return {
    problem: `and must be ${FORMS}`,
    suggestion:
      meant === undefined
        ? 'Such as ssh://build.example, where HOST may be a name in ~/.ssh/config, or nats://nats.example/ci/build-1.'
        : `Did you mean ${meant}?`,
  };
}

/** By how many parts a path has, and by the scheme where it is nearly one. */
function meantBy(text: string, isSshAddress: (text: string) => boolean): string | undefined {
  const [, given = '', rest = ''] = /^(?:([A-Za-z]+):(?=\/|[^\d]))?\/{0,2}(.*)$/s.exec(text) ?? [];
  const scheme = nearest(given.toLowerCase(), SCHEMES) ?? SCHEMES.find((one) => one === given.toLowerCase());
  const parts = rest.split('/').filter((part) => part !== '');
  const path = parts.join('/');
  const nats = `${scheme === 'tls' ? 'tls' : 'nats'}://${path}`;
  if (parts.length === 1 && scheme !== 'nats' && scheme !== 'tls')
    return isSshAddress(`ssh://${path}`) ? `ssh://${path}` : undefined;
  if (parts.length === 2) return 'problem' in parseFleet(nats) ? undefined : `--fleet ${nats}`;
  return 'problem' in parseFleetHost(nats) ? undefined : nats;
}
