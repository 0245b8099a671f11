/** The only values that an option or an argument takes, where they can be listed; what reads them knows. */
import type { Parse } from './command.ts';

export function choicesOf({ read }: { read?: unknown }): readonly string[] | undefined {
  return (read as Parse<unknown> | undefined)?.choices;
}
