/** What the protocol itself would refuse, as a check of a tool's arguments: so nothing has been sent when it is refused. */
import type * as z from 'zod';

/** @param inProtocol the arguments as the method takes them */
export function checkedBy<T>(
  method: z.ZodType,
  inProtocol: (given: T) => object,
): (given: T, context: z.RefinementCtx<T>) => void {
  return (given, context) => {
    const parsed = method.safeParse(inProtocol(given));
    if (parsed.success) return;
    for (const { path, message } of parsed.error.issues) {
      context.addIssue({ code: 'custom', path: [...path], message });
    }
  };
}
