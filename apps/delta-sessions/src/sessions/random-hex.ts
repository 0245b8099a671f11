/**
 * Names that no two commands choose at once; making a file of such a name fails if one did.
 * They are no secrets, so they need not node:crypto, whose start takes a quarter of that of Node.
 */
export function randomHex(digits: number): string {
  return Array.from({ length: digits }, () => Math.floor(Math.random() * 16).toString(16)).join('');
}
