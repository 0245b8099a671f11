/**
 * Takes out of the daemon's log what the user has said must not be there. What a program prints is shown
 * to those who ask, and is not touched; nor is the list of what runs, which the next daemon goes by.
 */
import { RequestError } from '@pilotty/protocol';
import { compileRegex } from './search/regex.ts';

const REPLACEMENT = '[redacted]';

/**
 * @param pattern RE2 syntax, so that no log line can stall the daemon
 * @returns makes of a line of JSON the same line without what matches in its texts; keys and the time stay
 * @throws RequestError INVALID_INPUT, without a word of the pattern: it may hold what is to be hidden
 */
export function redactorOf(pattern: string): (line: string) => string {
  const regex = compiled(pattern);
  const redact = (key: string, value: unknown) =>
    typeof value === 'string' && key !== 'time' ? regex.matcher(value).replaceAll(REPLACEMENT) : value;
  return (line) => `${JSON.stringify(JSON.parse(line), redact)}\n`;
}

function compiled(pattern: string): ReturnType<typeof compileRegex> {
  try {
    return compileRegex(pattern);
  } catch {
    throw new RequestError('INVALID_INPUT', 'PILOTTY_REDACT is not a regular expression in RE2 syntax', {
      suggestion: "Write it without look-around and back-references, as in 'token-[a-z0-9]+', or unset it.",
    });
  }
}
