/** Which methods only read, by the table of the protocol. */
import { methods } from '@pilotty/protocol/schemas';
import type { RequestClass } from './names.ts';

/** They belong to the link of who sends them. */
const OF_THE_LINK: readonly string[] = ['hello', 'cancel'];

export function classOf(method: string, params: unknown): RequestClass {
  if (OF_THE_LINK.includes(method)) return 'read';
  // Who is attached to look only changes nothing.
  if (method === 'session.attach') return isReadOnly(params) ? 'read' : 'act';
  // One that we do not know may do anything.
  return Object.hasOwn(methods, method) && methods[method as keyof typeof methods].readOnly ? 'read' : 'act';
}

function isReadOnly(params: unknown): boolean {
  return typeof params === 'object' && params !== null && 'read_only' in params && params.read_only === true;
}
