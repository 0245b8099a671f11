/** A whole file or stdin in memory: no more than one request can carry. */
import { MAX_MESSAGE_BYTES, RequestError } from '@pilotty/protocol';

/**
 * @param name of what is read, for the error
 * @throws RequestError INVALID_INPUT as soon as there is too much; the signal's reason
 */
export async function readAll(
  chunks: AsyncIterable<Uint8Array>,
  name: string,
  signal: AbortSignal,
): Promise<Buffer> {
  const read: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > MAX_MESSAGE_BYTES) {
      throw new RequestError(
        'INVALID_INPUT',
        `${name} has more than ${MAX_MESSAGE_BYTES} bytes, the limit of one request; nothing was sent`,
        { suggestion: "Send it in parts; a shell can read a long script itself: pilotty exec '. ./FILE'." },
      );
    }
    read.push(chunk);
  }
  // A stream that is destroyed before its end may look as if it had come to it.
  signal.throwIfAborted();
  return Buffer.concat(read);
}
