/** How one method of the protocol is declared: everything a face, the daemon and the docs need to know of it. */
import type * as z from 'zod';

interface Described {
  /** A few words, for lists and tools. */
  title: string;
  /** What it does and promises, for the reference. */
  description: string;
  /** It changes nothing that another client could see, and who may only look may ask it. */
  readOnly: boolean;
}

export interface Method<
  Params extends z.ZodType = z.ZodType,
  Result extends z.ZodType = z.ZodType,
  Stream extends z.ZodType = z.ZodType,
> extends Described {
  /** Strict: an unknown parameter is an error. */
  readonly params: Params;
  /** Open: a newer daemon may say more. */
  readonly result: Result;
  /** Present when the answer may come in parts before its result. */
  readonly stream?: Stream | undefined;
}

/**
 * Its schemas are made when they are needed first: all of them take as long to make as Node to start, and a daemon, for
 * which the first command waits, checks the parameters of few methods and no result.
 */
export function method<P extends z.ZodType, R extends z.ZodType, S extends z.ZodType = z.ZodType>(
  declaration: Described & { params(): P; result(): R; stream?(): S },
): Method<P, R, S> {
  const { title, description, readOnly } = declaration;
  const made: { params?: P; result?: R; stream?: S | undefined } = {};
  return {
    title,
    description,
    readOnly,
    get params() {
      made.params ??= declaration.params();
      return made.params;
    },
    get result() {
      made.result ??= declaration.result();
      return made.result;
    },
    get stream() {
      made.stream ??= declaration.stream?.();
      return made.stream;
    },
  };
}
