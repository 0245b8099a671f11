/** The session in whose terminal this very command runs: to draw it would be to draw the drawing of it, without end. */
import { readFileSync } from 'node:fs';

/** proc(5): the session id is field 6 of `stat`; the first behind the command, which may hold anything, is field 3. */
const SESSION_ID = 3;

/** Elsewhere than on Linux the name is all there is to go by. */
export function ownSession(
  env: Readonly<Record<string, string | undefined>>,
): (session: { name: string; pid: number }) => boolean {
  const leader = sessionLeader();
  return ({ name, pid }) => (leader === undefined ? name === env.PILOTTY_SESSION : pid === leader);
}

/** The process that the program of a session is, where its terminal is ours. */
function sessionLeader(): number | undefined {
  try {
    const stat = readFileSync('/proc/self/stat', 'latin1');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[SESSION_ID]);
  } catch {
    // No Linux.
    return undefined;
  }
}
