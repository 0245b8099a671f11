/** Looks for an input that breaks the promise of a target: as many as asked for, or for as long. */
import fc from 'fast-check';
import type { Opened, Target } from './target.ts';

export interface Found<Input> {
  /** Shrunk. */
  input: Input;
  error: unknown;
}

/** The same seed gives the same inputs. @returns what was found first, shrunk */
export async function search<Input>(
  target: Target<Input>,
  opened: Opened<Input>,
  { corpus, seed, runs }: { corpus: readonly Input[]; seed: number; runs: number },
): Promise<{ tried: number; found: Found<Input> | undefined }> {
  const inputs = target.inputs(corpus);
  const property = fc.asyncProperty(inputs, async (input) => await opened.check(input));
  const result = await fc.check(property, { seed, numRuns: runs });
  const [input] = result.counterexample ?? [];
  const found = result.failed ? { input: input as Input, error: result.errorInstance } : undefined;
  return { tried: result.numRuns, found };
}

/** Two faults of one kind have the same: what was thrown, without its values, and where. */
export function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const [message = ''] = error.message.split('\n');
  const where = /\n\s+at (?:async )?([^\n(]*)/.exec(error.stack ?? '')?.[1] ?? '';
  return `${message.replace(/\d+/g, '#').slice(0, 120)} ${where.trim()}`;
}
