/**
 * Text that other programs had a part in, for a user's terminal: nothing in it is taken for a command, and nothing
 * makes it read as another text.
 *
 * JSON.stringify escapes ESC and its like, and leaves DEL and U+0080 to U+009F alone: to xterm and others U+009B is
 * ESC [. Written as \\u009b, in JSON as JSON has it: there it stays the same value.
 */

/**
 * DEL and the C1 controls; separators of lines; what reorders text, by itself or until it is ended; the tag characters
 * (U+E0000 to U+E007F), which no terminal shows and a model reads.
 */
const HIDDEN = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|\udb40[\udc00-\udc7f]/g;
/** All but tab and line feed. */
const CONTROLS = /[\u0000-\u0008\u000b-\u001f]/g;

/** For what is meant to be drawn, or is JSON: escape sequences of ours stay. Outputs take it as bytes (process-io.ts). */
export function terminalSafe(text: string): string {
  return text.replace(HIDDEN, escaped);
}

/** For text, of which escape sequences are no part. */
export function plainSentence(text: string): string {
  return terminalSafe(text.replace(CONTROLS, escaped));
}

/** As JSON.stringify, and safe to be looked at. */
export function safeJson(value: unknown, indent?: number): string {
  return terminalSafe(JSON.stringify(value, null, indent));
}

/** A character beyond U+FFFF as JSON has it: two. */
function escaped(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
