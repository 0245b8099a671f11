/** What is read of the stream where some of a session's output never came to it. */
import { expect, test } from 'vitest';
import { answerOfStream } from '../../apps/fleet/src/output/answer-of-stream.ts';
import type { Run } from '../../apps/fleet/src/output/message.ts';
import type { StoredOutput } from '../../apps/fleet/src/output/stored-output.ts';

function stored(seq: number, from: number, text: string, runs?: Run[]): StoredOutput {
  const bytes = Buffer.from(text);
  const of = {
    seq,
    from,
    to: from + bytes.length,
    bytes,
    name: 'x',
    keptAt: new Date(0),
    size: { cols: 20, rows: 4 },
  };
  return { ...of, runs } as StoredOutput;
}

async function answered(outputs: StoredOutput[], asked: { tail?: number; stream?: 'stdout' | 'both' } = {}) {
  const parts: object[] = [];
  const last = outputs.at(-1) as StoredOutput;
  const answer = await answerOfStream(
    { session: 'x', ...asked },
    {
      ...{ stream: { page: async () => ({ outputs, more: false }) }, host: 'a', kept: { id: '1', last } },
      ...{ reason: 'not there', onEvent: (part) => void parts.push(part), signal: undefined },
    },
  );
  return { parts, missed: answer.missed_bytes };
}

test('a line that was cut is not joined to the next, and the part between says what is missing', async () => {
  const outputs = [stored(1, 0, 'one\r\ntw'), stored(2, 100, 'rest of it\r\nlast\r\n')];
  const gap = { output: '', truncated: true, missed_bytes: 105 };
  expect(await answered(outputs)).toEqual({
    parts: [
      { output: 'one\n', next_offset: 112 },
      { ...gap, next_offset: 112 },
      { output: 'last\n', next_offset: 118 },
    ],
    missed: 105,
  });
  expect((await answered(outputs, { tail: 2 })).parts).toEqual([
    { output: 'one\n', next_offset: 118 },
    { ...gap, next_offset: 118 },
    { output: 'last\n', next_offset: 118 },
  ]);
  expect((await answered(outputs, { tail: 1 })).parts).toEqual([{ output: 'last\n', next_offset: 118 }]);
});

test('of a program without a terminal both streams may miss it', async () => {
  const run = (length: number): Run[] => [{ stream: 'stdout', length }];
  // The first ends inside a character.
  const begun = stored(1, 0, 'oné', run(3));
  const outputs = [{ ...begun, bytes: begun.bytes.subarray(0, 3), to: 3 }, stored(2, 10, 'last\n', run(5))];
  expect(await answered(outputs)).toEqual({
    parts: [
      { output: 'on', stream: 'stdout', next_offset: 3 },
      { output: '', truncated: true, missed_bytes: 4, stream: 'stdout', next_offset: 10 },
      { output: '', truncated: true, missed_bytes: 3, stream: 'stderr', next_offset: 10 },
      { output: 'last\n', stream: 'stdout', next_offset: 15 },
    ],
    missed: 7,
  });
  const parts = (await answered(outputs, { stream: 'stdout' })).parts;
  expect(parts.map((part) => (part as { stream: string }).stream)).toEqual(['stdout', 'stdout', 'stdout']);
});
