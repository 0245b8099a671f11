/** How one method of the protocol is declared: everything a face, the daemon and the docs need to know of it. */
import type * as z from 'zod';

export interface Method<
  Params extends z.ZodType = z.ZodType,
  Result extends z.ZodType = z.ZodType,
  Stream extends z.ZodType = z.ZodType,
> {
  /** A few words, for lists and tools. */
  title: string;
  /** What it does and promises, for the reference. */
  description: string;
  /** It changes nothing that another client could see. */
  readOnly: boolean;
  /** Strict: an unknown parameter is an error. */
  params: Params;
  /** Open: a newer daemon may say more. */
  result: Result;
  /** Present when the answer may come in parts before its result. */
  stream?: Stream;
}

export function method<P extends z.ZodType, R extends z.ZodType, S extends z.ZodType = z.ZodType>(
  declaration: Method<P, R, S>,
): Method<P, R, S> {
  return declaration;
}
