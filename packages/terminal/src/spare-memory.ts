/**
 * What every emulator of xterm.js has for itself and need not: a daemon has one for each session, and most of them
 * are idle. Measured in Node 20, a screen takes 260 KB without this and 167 KB with it.
 */
import type { Core } from './emulator.ts';

/** SCS: what begins a sequence that makes a character set one of G0 to G3. */
const DESIGNATORS = new Set([...'()*+-./'].map((character) => character.charCodeAt(0)));
/** The most code points that xterm.js decodes at once. */
const PARSE_BUFFER_LENGTH = 1 << 17;

/** Parsing ends before any other begins, so one buffer does for all. */
let parseBuffer: Uint32Array | undefined;

/** Before any other handler is registered. */
export function shareWhatIsAlike(core: Core): void {
  parseBuffer ??= new Uint32Array(PARSE_BUFFER_LENGTH);
  core._inputHandler._parseBuffer = parseBuffer;
  shareDesignations(core);
}

/** xterm.js has a handler for each of 16 character sets in each of 7 sequences; here one does for all. */
function shareDesignations({ _inputHandler: handler }: Core): void {
  const parser = handler._parser;
  const known = new Set<number>();
  for (const identifier of Object.keys(parser._escHandlers).map(Number)) {
    if (!DESIGNATORS.has(identifier >> 8)) continue;
    known.add(identifier);
    delete parser._escHandlers[identifier];
  }
  // Called where no handler is registered, or none has dealt with the sequence.
  parser.setEscHandlerFallback((identifier) => {
    if (known.has(identifier)) handler.selectCharset(parser.identToString(identifier));
  });
}

/** Once all handlers are registered: V8 makes room for sixteen more in a list, and for all numbers below the highest of OSC. */
export function fitHandlers({ _inputHandler: { _parser: parser } }: Core): void {
  for (const table of [parser._csiHandlers, parser._escHandlers] as Record<number, unknown[]>[])
    for (const [identifier, handlers] of Object.entries(table)) table[Number(identifier)] = handlers.slice();
  const osc: Record<number, unknown[]> = {};
  // The highest first: what comes after it is far below, and V8 keeps a table with such gaps as a dictionary.
  for (const [identifier, handlers] of Object.entries(parser._oscParser._handlers).toReversed())
    osc[Number(identifier)] = handlers.slice();
  parser._oscParser._handlers = osc;
}
