import { expect, test } from 'vitest';
import { RepairedStream } from '../../packages/terminal/src/drawing.ts';
import { Screen, Transcript } from '../../packages/terminal/src/index.ts';
import { randomNumbers } from './random-stream.ts';

const size = { cols: 40, rows: 4, scrollback: 10 };

function screenOf(chunks: readonly Uint8Array[]): string {
  const screen = new Screen(size);
  for (const chunk of chunks) screen.write(chunk);
  screen.end();
  return screen.rowTexts()[0] ?? '';
}

function transcriptOf(chunks: readonly Uint8Array[]): string {
  const transcript = new Transcript(size);
  return chunks.map((chunk) => transcript.write(chunk)).join('') + transcript.end();
}

test.each<[string, number[], string]>([
  ['Latin-1', [...Buffer.from('caf\xe9 latte  |', 'latin1')], 'caf\ufffd latte  |'],
  ['UTF-8', [...Buffer.from('café latte  |')], 'café latte  |'],
  ['the C1 control CSI as a byte', [0x61, 0x9b, 0x4b, 0x62], 'a\ufffdKb'],
  [
    'table 3-8 of the standard',
    [0xc0, 0xaf, 0xe0, 0x80, 0xbf, 0xf0, 0x81, 0x82, 0x41],
    `${'\ufffd'.repeat(8)}A`,
  ],
  ['table 3-9: surrogates', [0xed, 0xa0, 0x80, 0xed, 0xbf, 0xbf, 0xed, 0xaf, 0x41], `${'\ufffd'.repeat(8)}A`],
  [
    'table 3-10',
    [0xf4, 0x91, 0x92, 0x93, 0xff, 0x41, 0x80, 0xbf, 0x42],
    `${'\ufffd'.repeat(5)}A\ufffd\ufffdB`,
  ],
  [
    'table 3-11: cut characters',
    [0xe1, 0x80, 0xe2, 0xf0, 0x91, 0x92, 0xf1, 0xbf, 0x41],
    `${'\ufffd'.repeat(4)}A`,
  ],
  ['a character cut by the end', [0x61, 0xf0, 0x9f, 0x98], 'a\ufffd'],
  ['a lone lead byte at the end', [0x61, 0xe9], 'a\ufffd'],
])('%s becomes replacement characters of a column each, wherever it is split', (_, codes, expected) => {
  const bytes = Uint8Array.from(codes);
  const singly = Array.from(bytes, (byte) => Uint8Array.of(byte));
  for (const chunks of [
    [bytes],
    singly,
    ...codes.map((_, at) => [bytes.subarray(0, at), bytes.subarray(at)]),
  ]) {
    expect(screenOf(chunks)).toBe(expected);
    expect(transcriptOf(chunks)).toBe(`${expected}\n`);
  }
});

test('random bytes are read as TextDecoder reads them', () => {
  const random = randomNumbers(5);
  const kinds = [
    0x41, 0x7a, 0x80, 0x9b, 0xbf, 0xc2, 0xc0, 0xe0, 0xa0, 0xed, 0xe9, 0xf0, 0x90, 0xf4, 0x8f, 0xff,
  ];
  for (let round = 0; round < 2000; round++) {
    const bytes = Uint8Array.from({ length: 12 }, () => kinds[Math.floor(random() * kinds.length)] as number);
    const decoded = new TextDecoder().decode(bytes).replace(/[\u0080-\u009f]/g, '');
    if (/[\ufeff]/.test(decoded) || decoded.trim() === '') continue;
    const stream = new RepairedStream();
    const repaired = [bytes.subarray(0, 5), bytes.subarray(5), Uint8Array.of(0x2e)].map((part) =>
      stream.next(part),
    );
    expect(
      Buffer.concat(repaired)
        .toString()
        .replace(/[\u0080-\u009f]/g, ''),
    ).toBe(`${decoded}.`);
  }
});

test('a mark behind bytes that are not UTF-8 tells where it stands among the bytes as they came', () => {
  const screen = new Screen(size);
  const before = Uint8Array.of(0xe9, 0x80, 0x61, 0xff, 0xe2, 0x82);
  screen.write(
    Buffer.concat([before, Buffer.from('\x1b]133;A\x07\xff', 'latin1'), Buffer.from('\x1b]133;B\x1b\\')]),
  );
  expect(screen.takeSignals().map((signal) => signal.type === 'mark' && [signal.start, signal.end])).toEqual([
    [6, 14],
    [15, 24],
  ]);
});
