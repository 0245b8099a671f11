/**
 * All that stands between xterm.js and the bytes of a program, in the daemon and in a browser alike: what is counted
 * or long is bounded, what is drawn wrongly is corrected, and what fails all the same costs one sequence.
 */
import { boundCounts } from './bounds.ts';
import { correct } from './corrections.ts';
import type { Core } from './emulator.ts';
import { containFaults, type Fault } from './faults.ts';
import { keepRows } from './rows.ts';
import { boundStrings } from './strings.ts';
import { keepWrapsTrue } from './wraps.ts';

/** Once, before anything else is registered or written. */
export function protect(core: Core, onFault: (fault: Fault) => void): void {
  boundStrings(core);
  containFaults(core, onFault);
  keepRows(core);
  keepWrapsTrue(core);
  // Last, so that their handlers run first.
  correct(core);
  boundCounts(core);
}
