/** What the foreground process of a session waits for, as the kernel sees it. */
import { anyAwaitsInput } from '../processes/awaits-input.ts';
import { foregroundMembers } from '../processes/foreground.ts';
import { processArguments } from '../processes/process-table.ts';
import { readsTerminal } from '../processes/reads-terminal.ts';
import { relayOf } from '../processes/relays.ts';
import type { Reader } from './concluded.ts';

export interface ForegroundUse {
  reader: Reader;
  isStopped: boolean;
  /** Asked for only where it matters: it lists the files that the program has open. */
  isRelay(): boolean;
}

export function foregroundUse(leader: number): ForegroundUse {
  const members = foregroundMembers(leader);
  const [first] = members;
  return {
    reader: readerOf(members),
    isStopped: members.length > 0 && members.every(({ state }) => state === 'stopped'),
    isRelay: () =>
      first !== undefined && relayOf({ pid: first.pid, argv: processArguments(first.pid) }) !== undefined,
  };
}

function readerOf(members: ReturnType<typeof foregroundMembers>): Reader {
  if (members.length === 0) return 'unknown';
  const reading = members.map(readsTerminal);
  if (reading.includes(true)) return 'reads';
  if (!reading.includes(null)) return 'none';
  const awaits = anyAwaitsInput(members);
  if (awaits === null) return 'unknown';
  return awaits ? 'polls' : 'none';
}
