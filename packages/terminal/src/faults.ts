/**
 * A fault of xterm.js costs the one sequence that met it: the rest of the output is parsed all the same.
 *
 * xterm.js itself stops in the middle of what it was given, and in a browser never draws again. Those known are
 * corrected (corrections.ts, rows.ts); these are the walls around those that are not. Must be called before any
 * other handler is registered that is to be inside of them.
 */
import type { Core, FunctionIdentifier } from './emulator.ts';
import { repairRows } from './rows.ts';

/** `sequence` is its kind, as in 'CSI J'; nothing of its parameters or of the text. */
export interface Fault {
  sequence: string;
  error: unknown;
  /** What is shown cannot be relied on; else the rest of the output is drawn as ever. */
  isOfScreen?: true;
}

/** Of sequences, one string for all emulators. */
const names = new Map<string, string>();

type Handler = (...given: never[]) => unknown;

export function containFaults(core: Core, onFault: (fault: Fault) => void): void {
  const parser = core._inputHandler._parser;
  function met(sequence: string, error: unknown): void {
    repairRows(core);
    onFault({ sequence, error });
  }
  /** True where it fails: no other handler of the sequence is tried. */
  function guarded<H extends Handler>(name: string, handler: H): H {
    const sequence = names.get(name) ?? name;
    names.set(sequence, sequence);
    // No handler takes more; a list of what is given would be made for each line feed.
    const inside = (first: never, second: never, third: never) => {
      try {
        return handler(first, second, third);
      } catch (error) {
        met(sequence, error);
        return true;
      }
    };
    return inside as unknown as H;
  }

  for (const [kind, table] of [
    ['CSI', parser._csiHandlers],
    ['ESC', parser._escHandlers],
  ] as const)
    for (const [number, handlers] of Object.entries(table))
      handlers.forEach((handler, index) => {
        handlers[index] = guarded(`${kind} ${nameOf(Number(number))}`, handler);
      });
  for (const [code, handler] of Object.entries(parser._executeHandlers))
    parser._executeHandlers[Number(code)] = guarded(`control ${code}`, handler);

  const registerCsi = parser.registerCsiHandler.bind(parser);
  parser.registerCsiHandler = (id, handler) => registerCsi(id, guarded(`CSI ${writtenAs(id)}`, handler));
  const registerEsc = parser.registerEscHandler.bind(parser);
  parser.registerEscHandler = (id, handler) => registerEsc(id, guarded(`ESC ${writtenAs(id)}`, handler));

  const handler = core._inputHandler;
  handler.print = guarded('text', handler.print.bind(handler));
  const { _oscParser: osc, _dcsParser: dcs } = parser;
  for (const strings of [osc, dcs]) {
    const name = strings === osc ? 'OSC' : 'DCS';
    const methods = strings as unknown as Record<string, Handler | undefined>;
    for (const method of ['start', 'hook', 'put', 'end', 'unhook']) {
      const original = methods[method]?.bind(strings);
      if (original === undefined) continue;
      methods[method] = (...given: never[]) => {
        try {
          return original(...given);
        } catch (error) {
          // Its handlers are not asked again: they may be what failed.
          strings._active = [];
          strings.reset();
          met(name, error);
          return undefined;
        }
      };
    }
  }
}

/** An identifier as xterm.js packs it, one byte for each character. */
function nameOf(packed: number): string {
  let name = '';
  for (let rest = packed; rest > 0; rest >>>= 8) name = String.fromCharCode(rest & 0xff) + name;
  return name;
}

function writtenAs({ prefix = '', intermediates = '', final }: FunctionIdentifier): string {
  return prefix + intermediates + final;
}
