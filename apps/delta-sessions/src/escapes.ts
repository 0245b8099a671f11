/**
 * The escapes of `write`: \\ \n \r \t \b \f \v \xHH \uHHHH. Everything else with a backslash is what it
 * is, as are bytes that are not text.
 */

const ESCAPE =
  /\\(?:([\\nrtbfv])|x([0-9A-Fa-f]{2})|u([dD][89abAB][0-9A-Fa-f]{2})\\u([dD][c-fC-F][0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4}))/g;

const LETTERS: Readonly<Record<string, string>> = {
  '\\': '\\',
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
  v: '\v',
};

/** \xHH is one byte; \uHHHH is a character, in UTF-8. */
export function interpretEscapes(input: Uint8Array): Buffer {
  // One character a byte, so that bytes which are no text pass through.
  const text = Buffer.from(input.buffer, input.byteOffset, input.byteLength).toString('latin1');
  const interpreted = text.replace(
    ESCAPE,
    (whole, letter?: string, byte?: string, high?: string, low?: string, unit?: string) => {
      if (letter !== undefined) return LETTERS[letter] ?? whole;
      if (byte !== undefined) return String.fromCharCode(Number.parseInt(byte, 16));
      const units = [high, low, unit].filter((hex) => hex !== undefined);
      const character = String.fromCharCode(...units.map((hex) => Number.parseInt(hex, 16)));
      return Buffer.from(character).toString('latin1');
    },
  );
  return Buffer.from(interpreted, 'latin1');
}
