/** Not every machine lets a test do what only root may, and not every container. */
import { spawnSync } from 'node:child_process';

/** Tries it; a test that cannot go on then says why. */
export function isPermitted(
  file: string,
  args: readonly string[],
  env: Record<string, string | undefined> = process.env,
): boolean {
  const { status, stderr, error } = spawnSync(file, args, { encoding: 'utf8', env });
  if (status !== 0) console.warn(`skipped: ${file} ${args.join(' ')}: ${error?.message ?? stderr}`);
  return status === 0;
}
