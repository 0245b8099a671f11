/**
 * Counts a screen cannot use up are cut to what it can.
 *
 * xterm.js inserts lines, scrolls, tabs and repeats in loops over the count given; CSI 2147483647 L keeps
 * it busy for minutes, CSI 2147483647 b asks for 8 GiB. Cut at these bounds the result is the same.
 */
import type { Core, FunctionIdentifier } from './emulator.ts';

/** ICH SL SR IL DL DCH SU SD ECH CHT CBT DECIC DECDC: beyond the longer side nothing is left to move. */
const MOVES: readonly FunctionIdentifier[] = [
  { final: '@' },
  { intermediates: ' ', final: '@' },
  { intermediates: ' ', final: 'A' },
  { final: 'L' },
  { final: 'M' },
  { final: 'P' },
  { final: 'S' },
  { final: 'T' },
  { final: 'X' },
  { final: 'I' },
  { final: 'Z' },
  { intermediates: "'", final: '}' },
  { intermediates: "'", final: '~' },
];

export function boundCounts(core: Core): void {
  const parser = core._inputHandler._parser;
  function bound(id: FunctionIdentifier, limit: () => number): void {
    parser.registerCsiHandler(id, ({ params }) => {
      params[0] = Math.min(params[0] ?? 0, limit());
      return false;
    });
  }
  for (const id of MOVES) bound(id, () => Math.max(core.cols, core.rows));
  // REP fills at most the screen.
  bound({ final: 'b' }, () => core.cols * core.rows);
}
