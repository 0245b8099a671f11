/** An answer that is written in parts is, to the byte, the one that would have been written whole. */
import { expect, test } from 'vitest';
import type { Output } from '../../apps/cli/src/io.ts';
import { JsonInParts } from '../../apps/cli/src/json-in-parts.ts';
import { printJson } from '../../apps/cli/src/output.ts';

function written(isTty: boolean): Output & { text: string } {
  return {
    isTty,
    text: '',
    async write(data) {
      this.text += String(data);
    },
  };
}

const ELEMENTS = [
  { session: 'a/x', lines: ['one', 'two\u001b[31m\n"three"'], exit: { code: 0, signal: null } },
  { session: 'b/y', lines: [], exit: undefined },
  'a text',
  [],
];

for (const isTty of [true, false])
  for (const cut of [[], [0], [4], [1, 3], [2, 2, 4], [0, 0]])
    test(`in parts that end at ${cut.join(', ') || 'none'}, ${isTty ? 'for a person' : 'for a program'}`, async () => {
      const end = cut.at(-1) ?? 0;
      const rest = {
        searched: 3,
        unreachable: [{ host: 'c', last_sessions: [] }],
        event_cursor: 'f1',
        no: undefined,
      };
      const whole = written(isTty);
      await printJson(whole, { type: 'many', results: ELEMENTS.slice(0, end), ...rest });
      const parted = written(isTty);
      const json = new JsonInParts(parted, 'results');
      for (const [index, at] of cut.entries())
        await json.add({ type: 'many', results: ELEMENTS.slice(cut[index - 1] ?? 0, at) });
      await json.end({ type: 'many', results: [], ...rest });
      expect(parted.text).toBe(whole.text);
    });
