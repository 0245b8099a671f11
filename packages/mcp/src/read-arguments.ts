/**
 * The arguments of a call, checked. Some clients and models hand over a list, an object or a number as the JSON of it:
 * `"argv": "[\"vim\"]"`. That is read as what it says, where the parameter can be nothing else.
 */
import { RequestError } from '@pilotty/client';
import type { Tool } from './tool.ts';

/** @throws RequestError INVALID_INPUT, before anything is done */
export function readArguments({ name, params }: Tool, given: Record<string, unknown>): unknown {
  const parsed = params.safeParse(given);
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  const refused = new Set(issues.map(({ path }) => path[0]));
  const unpacked = Object.fromEntries(
    Object.entries(given).map(([key, value]) => [key, refused.has(key) ? unpack(value) : value]),
  );
  const again = params.safeParse(unpacked);
  if (again.success) return again.data;
  const problems = issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.map(String).join('.')}: ${message}`,
  );
  const known = 'shape' in params ? Object.keys(params.shape as object) : [];
  const takes = known.length === 0 ? 'no arguments' : known.join(', ');
  throw new RequestError('INVALID_INPUT', `${name}: ${problems.join('; ')}. Nothing was done.`, {
    suggestion: `${name} takes ${takes}.`,
  });
}

function unpack(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    const inner: unknown = JSON.parse(value);
    return typeof inner === 'string' ? value : inner;
  } catch {
    return value;
  }
}
