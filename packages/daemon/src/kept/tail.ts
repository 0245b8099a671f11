/** The end of what a session has printed, as it is written down. */
import { LONGEST_LINE_SOUGHT } from '../pty/retention.ts';
import type { Secrets } from '../recording/secrets.ts';
import type { Session } from '../session/session.ts';

/** Of a session; its screen and some hundred lines above it. */
export const MAX_TAIL_BYTES = 256 * 1024;
/** What is new is added to it until it is twice as long: then it is written anew. */
export const MAX_FILE_BYTES = 2 * MAX_TAIL_BYTES;
const NEWLINE = 0x0a;
/** Rows above the screen, where it is text that is kept. */
const ROWS_ABOVE = 1000;
const REPLACEMENT = '[redacted]';

/**
 * The output as it was printed, from the beginning of a line on. Where secrets are to be left out it is the lines of the
 * screen and of those above it, joined where they wrap: in what was printed a secret may be cut by sequences.
 */
export function tailOf(session: Session, secrets: Secrets | undefined): Buffer {
  const { retention, screen } = session;
  if (secrets === undefined) {
    const from = Math.max(retention.start, retention.totalBytes - MAX_TAIL_BYTES);
    return retention.read(from === 0 ? 0 : retention.nextLineFrom(from), MAX_TAIL_BYTES);
  }
  const lines = screen.lineTexts(ROWS_ABOVE).map((line) => line.trimEnd());
  const text = secrets.any.matcher(lines.join('\n').trimEnd()).replaceAll(REPLACEMENT);
  const bytes = Buffer.from(`${text.replaceAll('\n', '\r\n')}\r\n`);
  return bytes.length <= MAX_TAIL_BYTES ? bytes : bytes.subarray(bytes.length - MAX_TAIL_BYTES);
}

/** Of what was written down, what is to be shown again: from the beginning of a line on, as far as one is near. */
export function tailIn(bytes: Buffer): Buffer {
  if (bytes.length <= MAX_TAIL_BYTES) return bytes;
  const tail = bytes.subarray(bytes.length - MAX_TAIL_BYTES);
  const newline = tail.subarray(0, LONGEST_LINE_SOUGHT).indexOf(NEWLINE);
  return tail.subarray(newline + 1);
}
