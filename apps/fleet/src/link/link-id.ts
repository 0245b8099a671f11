import { randomBytes } from 'node:crypto';

/** Only the two ends know it: who could guess one could speak on that link. */
export function newLinkId(): string {
  return randomBytes(16).toString('base64url');
}
