/**
 * The file in which logins and shared tokens outlive the gateway: their hashes, for its owner alone. They belong to the
 * token they were made with: when that is replaced, they are void.
 */
import { closeSync, fstatSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import * as z from 'zod';
import { openRegularFile } from '../open-file.ts';
import { hash, type KeptPass } from './passes.ts';

const passes = z.array(
  z.object({
    hash: z.string(),
    permissions: z.object({
      readOnly: z.boolean(),
      sessions: z.array(z.string()).exactOptional(),
      tags: z.array(z.string()).exactOptional(),
    }),
    expires_at: z.number(),
  }),
);
const content = z.object({ token_hash: z.string(), logins: passes, shares: passes });

export interface Kept {
  logins: readonly KeptPass[];
  shares: readonly KeptPass[];
}

/** What is unreadable, not private or of another token is as nothing. */
export function readKeptPasses(path: string, token: string): Kept {
  const nothing = { logins: [], shares: [] };
  try {
    const file = openRegularFile(path);
    try {
      const { mode, uid } = fstatSync(file);
      if (uid !== process.getuid?.() || mode & 0o077) return nothing;
      const { token_hash, ...kept } = content.parse(JSON.parse(readFileSync(file, 'utf8')));
      return token_hash === hash(token) ? kept : nothing;
    } finally {
      closeSync(file);
    }
  } catch {
    // There is none yet, or none of ours.
    return nothing;
  }
}

export function writeKeptPasses(path: string, token: string, kept: Kept): void {
  const draft = `${path}.new`;
  rmSync(draft, { force: true });
  writeFileSync(draft, JSON.stringify({ token_hash: hash(token), ...kept }), { flag: 'wx', mode: 0o600 });
  renameSync(draft, path);
}
