/** The escapes of `type --escapes`: those of C and of JavaScript strings that say what they send. */
const CONTROLS: Readonly<Record<string, number>> = {
  n: 0x0a,
  t: 0x09,
  r: 0x0d,
  e: 0x1b,
  a: 0x07,
  b: 0x08,
  f: 0x0c,
  v: 0x0b,
  0: 0x00,
  '\\': 0x5c,
};

/** The longest escape is two surrogates, `\uD83D\uDE00`. */
const MAX_ESCAPE_LENGTH = 12;

export class InvalidEscapeError extends Error {
  override readonly name = 'InvalidEscapeError';
  readonly escape: string;
  /** Counted in characters (UTF-16 units) from 0. */
  readonly position: number;

  constructor(written: string, position: number, problem: string) {
    super(`${problem} "${written}" at position ${position}`);
    this.escape = written;
    this.position = position;
  }
}

/** `\xHH` is that raw byte, whatever it does to the UTF-8 around it; anything not listed is refused. */
export function interpretEscapes(text: string): Uint8Array {
  const chunks: Uint8Array[] = [];
  let position = 0;
  while (position < text.length) {
    const backslash = text.indexOf('\\', position);
    const literalEnd = backslash === -1 ? text.length : backslash;
    chunks.push(new TextEncoder().encode(text.slice(position, literalEnd)));
    position = literalEnd;
    if (backslash === -1) break;
    const { bytes, length } = readEscape(text, position);
    chunks.push(bytes);
    position += length;
  }
  return concatenate(chunks);
}

function readEscape(text: string, position: number): { bytes: Uint8Array; length: number } {
  const letter = [...text.slice(position + 1, position + 3)][0] ?? '';
  const control = CONTROLS[letter];
  if (control !== undefined) return { bytes: Uint8Array.of(control), length: 2 };

  const tail = text.slice(position, position + MAX_ESCAPE_LENGTH);
  const byte = /^\\x([0-9a-f]{2})/i.exec(tail);
  if (byte) return { bytes: Uint8Array.of(Number.parseInt(byte[1] ?? '', 16)), length: byte[0].length };

  // Characters beyond U+FFFF may come as two surrogates, as JSON writes them.
  const unicode =
    /^\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})/i.exec(tail) ??
    /^\\u([0-9a-f]{4})/i.exec(tail) ??
    /^\\u\{([0-9a-f]{1,6})\}/i.exec(tail);
  if (unicode) {
    const units = unicode.slice(1).map((digits) => Number.parseInt(digits, 16));
    if (units.some((unit) => unit > 0x10ffff))
      throw new InvalidEscapeError(unicode[0], position, 'No such character:');
    const character = units.length === 2 ? String.fromCharCode(...units) : String.fromCodePoint(...units);
    if (/\p{Cs}/u.test(character))
      throw new InvalidEscapeError(unicode[0], position, 'Half a surrogate pair:');
    return { bytes: new TextEncoder().encode(character), length: unicode[0].length };
  }
  if (letter === '') throw new InvalidEscapeError('\\', position, 'Incomplete escape');
  if (letter === 'x' || letter === 'u') {
    const written = /^\\(x[0-9a-f]{0,1}|u\{[0-9a-f]*|u[0-9a-f]{0,3})/i.exec(tail)?.[0] ?? `\\${letter}`;
    throw new InvalidEscapeError(written, position, 'Incomplete escape');
  }
  throw new InvalidEscapeError(`\\${letter}`, position, 'Unknown escape');
}

function concatenate(chunks: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(chunks.reduce((total, chunk) => total + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}
