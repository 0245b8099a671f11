/** Making all schemas of the table takes as long as Node's own start: each is made when it is needed first. */

import { expect, test } from 'vitest';
import * as z from 'zod';
import { method } from '../../packages/protocol/src/method.ts';

test('a schema is made when it is asked for, and once', () => {
  const made: string[] = [];
  const schema = (name: string) => {
    made.push(name);
    return z.object({ [name]: z.string() });
  };
  const declared = method({
    title: 'Try',
    description: 'Tries.',
    readOnly: true,
    params: () => schema('params'),
    result: () => schema('result'),
  });
  const table = { ...{ 'try.it': declared } };
  expect(made).toEqual([]);
  expect(table['try.it'].params).toBe(table['try.it'].params);
  expect(table['try.it'].stream).toBe(undefined);
  expect(made).toEqual(['params']);
});
