import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plainParams } from '../../packages/daemon/src/server/plain-params.ts';
import { methods } from '../../packages/protocol/src/schemas.ts';

const METHODS = ['session.key', 'session.type', 'session.snapshot', 'session.list'] as const;

/** What a parameter may be called, and what a client may give for it: mostly what is right for some parameter. */
const name = fc.constantFrom(
  ...['session', 'keys', 'text', 'enter', 'format', 'all', 'delay_ms', 'wait', 'scope', '__proto__', 'other'],
);
const value = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<unknown>('quiet', 'Enter', 'text', 'compact', 'new', 'png', '') },
  fc.constantFrom<unknown>(true, false, null, undefined, 0, 1),
  fc.string(),
  fc.jsonValue(),
);
const params = fc.oneof(
  { weight: 9, arbitrary: fc.array(fc.tuple(name, value), { maxLength: 4 }).map(asSent) },
  fc.jsonValue(),
);

/** With its own member `__proto__`, as JSON.parse makes it. */
function asSent(members: readonly [string, unknown][]): object {
  const sent = {};
  for (const [key, value] of members)
    Object.defineProperty(sent, key, { value, enumerable: true, configurable: true, writable: true });
  return sent;
}

test('parameters in a plain form are what the schema makes of them, and none that it refuses is plain', () => {
  let plainCount = 0;
  fc.assert(
    fc.property(fc.constantFrom(...METHODS), params, (method, given) => {
      const plain = plainParams(method, given);
      if (plain === undefined) return;
      plainCount += 1;
      expect(plain).toStrictEqual(methods[method].params.parse(given));
    }),
    { numRuns: 3000 },
  );
  expect(plainCount).toBeGreaterThan(100);
});

test.each([
  ['session.key', { session: 'quiet', keys: 'Enter' }],
  ['session.key', { keys: 'Ctrl+C' }],
  ['session.type', { session: 'quiet', text: '' }],
  ['session.type', { session: 'quiet', text: 'make', enter: true }],
  ['session.snapshot', {}],
  ['session.snapshot', { session: 'quiet', format: 'compact' }],
  ['session.list', {}],
] as const)('what %s is mostly asked with needs no schema: %j', (method, given) => {
  expect(plainParams(method, given)).toStrictEqual(methods[method].params.parse(given));
});
