/** The lines of a batch, as they come, and the words of each. */
import { isUtf8 } from 'node:buffer';
import { RequestError } from '@pilotty/client';
import { splitWords } from './split-words.ts';
import { UsageError } from './usage-error.ts';

/** What one request may have; a longer line could not be sent. */
const MAX_LINE_BYTES = 32 * 1024 * 1024;
const NEWLINE = 0x0a;

/** Each line as soon as it is whole, without its newline. @throws RequestError on one that does not end */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      yield Buffer.concat([...parts, chunk.subarray(start, end)]);
      parts = [];
      bytes = 0;
      start = end + 1;
    }
    parts.push(chunk.subarray(start));
    bytes += chunk.length - start;
    if (bytes > MAX_LINE_BYTES) {
      throw new RequestError('INVALID_INPUT', `a line is longer than ${MAX_LINE_BYTES} bytes`, {
        suggestion: 'Send long text from a file, with paste FILE.',
      });
    }
  }
  if (bytes > 0) yield Buffer.concat(parts);
}

/** None on a line that is empty or a comment. @throws UsageError */
export function wordsOf(line: Buffer): string[] {
  if (!isUtf8(line)) throw new UsageError('the line is not UTF-8 text');
  const text = line.toString();
  const words = text.trimStart().startsWith('[') ? readArray(text) : splitWords(text);
  // An argument of a process cannot either.
  if (words.some((word) => word.includes('\0'))) {
    throw new UsageError('an argument has a NUL in it', "'type --escapes' sends one where it finds \\x00.");
  }
  // Nor is there UTF-8 for it: a program would get another character.
  if (words.some((word) => /\p{Surrogate}/u.test(word)))
    throw new UsageError('an argument has half of a surrogate pair in it, \\ud800 to \\udfff');
  return words;
}

function readArray(text: string): string[] {
  const mistake = (problem: string) =>
    new UsageError(problem, 'Write one as ["key", "Ctrl+C"], every argument a string.');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw mistake(`the line is not a JSON array: ${(error as Error).message}`);
  }
  const words = value as unknown[];
  if (words.length === 0) throw mistake('the array has no command in it');
  if (!words.every((word) => typeof word === 'string'))
    throw mistake('the array has more than strings in it');
  return words;
}
