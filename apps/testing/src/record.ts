/** A session that was driven by hand or by an agent becomes a test that does the same. */
import { writeFile } from 'node:fs/promises';
import type { Session } from '@pilotty/sdk';

/** For which runner; `shell` is a script of commands of pilotty. */
export type RecordedAs = 'vitest' | 'jest' | 'node-test' | 'shell';

export interface RecordOptions {
  /** (default: vitest) */
  format?: RecordedAs | undefined;
  /** Where it is written; what is there is overwritten. */
  file?: string | undefined;
}

/**
 * A test of what was done in a session that was spawned with `keep_input`: after each input it waits for what the
 * screen showed then.
 * @returns the text of the test
 * @throws UnavailableError where the session was not recorded
 */
export async function record(
  session: Pick<Session, 'inputs'>,
  { format = 'vitest', file }: RecordOptions = {},
): Promise<string> {
  const { text = '' } = await session.inputs({ format });
  if (file !== undefined) await writeFile(file, text);
  return text;
}
