/**
 * Bounds the strings a program sends: what stands in an OSC, or in a DCS (APC, PM and SOS are dropped as they come).
 *
 * xterm.js collects up to 10 MB for each of its handlers and then takes them apart in quadratic time: 640 KB of OSC 4
 * keep it busy for half a minute. Here a string longer than the bound reaches no handler, ours or its own, save the
 * few whose beginning is enough. The rest of the string is parsed, and dropped.
 */
import type { Core } from './emulator.ts';

/** Longer strings carry data (pictures, the clipboard), not questions or settings. */
const MAX_STRING_LENGTH = 8192;
/** Titles and the clipboard: cut, not ignored. The rest of a title is never shown, and no clipboard is ever set. */
const CUT = new Set([0, 1, 2, 52]);

export function boundStrings({ _inputHandler: { _parser: parser } }: Core): void {
  const { _oscParser: osc, _dcsParser: dcs } = parser;
  let length = 0;
  /** Of the payload; xterm.js has read the identifier by then. */
  const isTooLong = () => length > MAX_STRING_LENGTH;

  const oscStart = osc.start.bind(osc);
  const oscPut = osc.put.bind(osc);
  const oscEnd = osc.end.bind(osc);
  osc.start = () => {
    length = 0;
    oscStart();
  };
  osc.put = (data, start, end) => {
    const room = MAX_STRING_LENGTH - length;
    length += end - start;
    if (room > 0) oscPut(data, start, Math.min(end, start + room));
  };
  osc.end = (success) => oscEnd(success && (!isTooLong() || CUT.has(osc._id)));

  const dcsHook = dcs.hook.bind(dcs);
  const dcsPut = dcs.put.bind(dcs);
  const dcsUnhook = dcs.unhook.bind(dcs);
  dcs.hook = (identifier, parameters) => {
    length = 0;
    dcsHook(identifier, parameters);
  };
  dcs.put = (data, start, end) => {
    const room = MAX_STRING_LENGTH - length;
    length += end - start;
    if (room > 0) dcsPut(data, start, Math.min(end, start + room));
  };
  dcs.unhook = (success) => dcsUnhook(success && !isTooLong());
}
