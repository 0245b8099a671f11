/** Validates `hello` and the parameters of every method by the protocol's schemas. */
import {
  type Hello,
  METHOD_NOT_FOUND,
  type MethodName,
  type ParsedParams,
  RequestError,
} from '@pilotty/protocol';
import { methods } from '@pilotty/protocol/schemas';
import * as z from 'zod';
import { plainParams } from './plain-params.ts';

// Compiling a validator costs more than the few thousand validations of a daemon's life save, and the
// first command, for which the daemon starts, waits for it.
z.config({ jitless: true });

const hello = z.looseObject({
  protocol: z.int(),
  version: z.string().max(64),
  client: z
    .looseObject({
      name: z.string().max(256).optional(),
      pid: z.int().min(1).optional(),
      // What is no scope is refused with each request, as where a client has no hello.
      scope: z.string().max(4096).optional(),
    })
    .optional(),
});

/** @throws RequestError INVALID_INPUT */
export function parseHello(value: unknown): Hello {
  return checked(hello.safeParse(value), 'hello');
}

/** @throws RequestError INVALID_INPUT for a method that does not exist or parameters that do not fit */
export function parseParams(
  method: string,
  params: unknown,
): { method: MethodName; params: ParsedParams<MethodName> } {
  if (!isMethod(method)) {
    throw new RequestError('INVALID_INPUT', `Unknown method '${method}'`, {
      suggestion: `The methods are: ${Object.keys(methods).join(', ')}.`,
      rpcCode: METHOD_NOT_FOUND,
    });
  }
  const plain = plainParams(method, params) as ParsedParams<MethodName> | undefined;
  if (plain !== undefined) return { method, params: plain };
  const schema: z.ZodType<ParsedParams<MethodName>> = methods[method].params;
  return { method, params: checked(schema.safeParse(params), method) };
}

function isMethod(name: string): name is MethodName {
  return Object.hasOwn(methods, name);
}

function checked<T>(parsed: z.ZodSafeParseResult<T>, where: string): T {
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => {
    const place = path.join('.');
    return place === '' ? message : `${place}: ${message}`;
  });
  // By parameter as well, for a face that has other names for them.
  const details = {
    problems: parsed.error.issues.map(({ path, message }) => ({
      parameter: path.join('.'),
      problem: message,
    })),
  };
  throw new RequestError('INVALID_INPUT', `${where}: ${problems.join('; ')}`, { details });
}
