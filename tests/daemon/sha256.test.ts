/** The daemon's own SHA-256 is that of everybody else: what earlier daemons have kept lies under its name. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sha256 } from '../../packages/daemon/src/kept/sha256.ts';

const expected = (text: string) => createHash('sha256').update(text).digest('hex');

test('a text of every length, around each end of a block too, has the hash that node:crypto says', () => {
  for (let length = 0; length < 200; length++) {
    const text = '/tmp/é'.repeat(40).slice(0, length);
    expect(sha256(text)).toBe(expected(text));
  }
});

test('any text has the hash that node:crypto says', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      expect(sha256(text)).toBe(expected(text));
    }),
  );
});
