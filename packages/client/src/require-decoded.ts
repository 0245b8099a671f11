/**
 * Nothing is passed on that is not what was given. Node decodes the arguments, the environment and the current
 * directory of a process as UTF-8, and puts U+FFFD for bytes that are something else.
 */
import { isInDoubt } from './in-doubt.ts';
import type { ProcessIo } from './process-io.ts';

/** What is about to be used. */
export interface Decoded {
  /** The last arguments of the process. */
  words?: readonly string[];
  /** Names of variables. */
  variables?: readonly string[];
  directory?: string | undefined;
}

/** The kernel is asked only where there is a U+FFFD. @throws RequestError INVALID_INPUT where it stands for other bytes */
export async function requireDecoded(
  io: Pick<ProcessIo, 'env' | 'kernelBytes'>,
  { words = [], variables = [], directory }: Decoded,
): Promise<void> {
  const isDoubtful =
    words.some(isInDoubt) ||
    variables.some((name) => isInDoubt(name) || isInDoubt(io.env[name])) ||
    isInDoubt(directory);
  if (!isDoubtful) return;
  const { requireDecodedArguments, requireDecodedDirectory, requireDecodedVariables } = await import(
    './kernel-bytes.ts'
  );
  const kernel = await io.kernelBytes();
  requireDecodedArguments(words, kernel);
  requireDecodedVariables(io.env, variables, kernel);
  if (directory !== undefined) requireDecodedDirectory(directory, kernel);
}
