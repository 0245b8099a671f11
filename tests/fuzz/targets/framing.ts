/** Lines on a socket, cut anywhere, and what stands in them. */
import fc from 'fast-check';
import { LineSplitter, parseRequest, RequestError } from '../../../packages/protocol/src/index.ts';
import { mutatedText } from '../mutated.ts';
import { pure, type Target } from '../target.ts';

interface Input {
  /** One character for each byte. */
  bytes: string;
  cuts: number[];
}

const REQUESTS = [
  '{"jsonrpc":"2.0","id":1,"method":"session.key","params":{"session":"a","keys":["Enter"]}}\n',
  '{"jsonrpc":"2.0","method":"cancel","params":{"id":1}}\n\n',
  '{"jsonrpc":"2.0","id":"x","method":"daemon.info"}\r\n{"jsonrpc":"2.0","id":2,"method":"hello","params":{}}\n',
  '{"jsonrpc":"2.0","id":3,"method":"a","params":{"text":"\xc3\xa9\\ud83d\\udca5"}}\n',
];
const TOKENS = [
  ...[
    '\n',
    '\r\n',
    '\0',
    '\xff',
    '\xc3',
    '\xf0\x9f',
    '"',
    '\\',
    '\\u',
    '\\ud800',
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
  ],
  ...['null', '1e999', '-0', '"__proto__":', '[[[[[[[[', '9007199254740993'],
];
/** Small, so that lines that are too long come up. */
const MAX_BYTES = 256;

export const framing: Target<Input> = {
  name: 'framing',
  promise: 'lines are the same wherever they are cut, and a line is a request, or refused as none',
  runsInTest: 400,
  inputs: (corpus) =>
    fc.record({
      bytes: fc.oneof(
        mutatedText([...REQUESTS, ...corpus.map(({ bytes }) => bytes)], TOKENS),
        fc.string({ unit: fc.constantFrom(...TOKENS, 'a'), maxLength: 60 }),
        fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
      ),
      cuts: fc.array(fc.nat(400), { maxLength: 6 }),
    }),
  open: pure(({ bytes, cuts }) => {
    const all = Buffer.from(bytes, 'latin1');
    const whole = linesOf([all]);
    const places = [...cuts.map((cut) => cut % (all.length + 1)).sort((a, b) => a - b), all.length];
    const inParts = linesOf(places.map((place, index) => all.subarray(places[index - 1] ?? 0, place)));
    // Of a refused one it depends on the reads how many lines were taken before.
    const count = whole.isRefused ? Math.min(whole.lines.length, inParts.lines.length) : undefined;
    const taken = [whole, inParts].map(({ isRefused, lines }) => [isRefused, lines.slice(0, count)]);
    if (JSON.stringify(taken[0]) !== JSON.stringify(taken[1]))
      throw new Error('cut elsewhere there are other lines');
    for (const line of whole.lines) {
      const request = parseRequest(line);
      if (request instanceof RequestError && request.code !== 'INVALID_INPUT')
        throw new Error(`refused with ${request.code}`);
    }
  }),
};

function linesOf(parts: readonly Buffer[]): { lines: string[]; isRefused: boolean } {
  const splitter = new LineSplitter(MAX_BYTES);
  const lines: string[] = [];
  try {
    for (const part of parts) lines.push(...splitter.push(part));
    return { lines, isRefused: false };
  } catch {
    return { lines, isRefused: true };
  }
}
