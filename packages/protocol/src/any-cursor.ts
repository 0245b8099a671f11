/**
 * An event_cursor as a face takes it that may ask a fleet: a number, or a text, because each host has a clock of its own.
 * A daemon takes the number alone, and says so.
 */
import * as z from 'zod';

export const anyCursor = z.union([
  z.int().min(0),
  z.string().regex(/^f1(?:,|$)/, 'that of a fleet begins with f1'),
]);

/** The same parameters, with such an `after` where there is one. */
export function withAnyCursor(params: z.ZodType): z.ZodType {
  if (!(params instanceof z.ZodObject) || !('after' in params.shape)) return params;
  const { description } = params.shape.after as z.ZodType;
  const after = anyCursor.optional();
  return params.safeExtend({ after: description === undefined ? after : after.describe(description) });
}
