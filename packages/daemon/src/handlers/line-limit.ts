/**
 * A terminal that reads line by line keeps at most 4095 bytes of a line and drops the rest without a word, see
 * "canonical mode" in termios(3). Such text is refused before the first byte of it is sent.
 */
import { RequestError } from '@pilotty/protocol';
import { longestLineOf } from '../input/unsubmitted-input.ts';
import { MAX_TYPED_LINE_BYTES } from '../limits.ts';
import { findProcess } from '../processes/process-table.ts';
import { terminalState } from '../processes/terminal-state.ts';
import type { Session } from '../session/session.ts';

/** A program that asked for this mark reads what follows it as one text, see mode 2004. */
const PASTE_BEGIN = '\x1b[200~';

/**
 * The terminal is asked only about a line that is too long for one that reads line by line: it costs a process.
 * @throws RequestError INVALID_INPUT, with nothing sent
 */
export async function requireLinesFit(session: Session, bytes: Uint8Array): Promise<void> {
  if (session.isPipe) return;
  const standing = session.unsubmittedInput.lineBytes;
  if (bytes.length + standing <= MAX_TYPED_LINE_BYTES) return;
  const alone = longestLineOf(bytes, 0);
  const longest = longestLineOf(bytes, standing);
  if (longest <= MAX_TYPED_LINE_BYTES) return;
  const isTooLongAlone = alone > MAX_TYPED_LINE_BYTES;
  // What was typed to another program may have been read long ago.
  if (!isTooLongAlone && !isStillTypedTo(session)) return;
  const state = await terminalState(session.terminalPath);
  if (state?.canonical || (isTooLongAlone && runsFirstLineFirst(session, bytes)))
    throw tooLong(session, longest);
}

function isStillTypedTo({ unsubmittedInput, pid }: Session): boolean {
  return findProcess(pid)?.foregroundGroup === unsubmittedInput.typedTo;
}

/** A line editor that reads key by key, which is not so while what its first line asked for runs. */
function runsFirstLineFirst({ commands, screen }: Session, bytes: Uint8Array): boolean {
  const { bracketedPaste } = screen.modes;
  if (commands.isAtPrompt !== true && (!bracketedPaste || screen.alternateScreen)) return false;
  if (Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(PASTE_BEGIN) === 0) return false;
  const firstEnd = bytes.findIndex((byte) => byte === 0x0d || byte === 0x0a);
  return firstEnd !== -1 && longestLineOf(bytes.subarray(firstEnd), 0) > MAX_TYPED_LINE_BYTES;
}

function tooLong({ name, reference }: Session, bytes: number): RequestError {
  return new RequestError(
    'INVALID_INPUT',
    `A line of ${bytes} bytes does not fit: the terminal of session '${name}' reads line by line, and keeps at most ${MAX_TYPED_LINE_BYTES} bytes of a line; nothing was sent`,
    {
      suggestion:
        "Write the text to a file and have the program read that, send it in shorter lines, or have the program read in raw mode ('stty -icanon').",
      details: { ...reference, line_bytes: bytes, max_line_bytes: MAX_TYPED_LINE_BYTES },
    },
  );
}
