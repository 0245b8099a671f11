/** Why a session that has ended takes no input, and what there still is of it. */
import { type Exit, RequestError } from '@pilotty/protocol';
import type { LookedAt } from './how-to-look.ts';

/** @param others names of sessions that run, for who may have meant one of them */
export function endedError(
  { name, id, isPipe }: LookedAt & { readonly id: string },
  exit: Exit,
  others: readonly string[],
): RequestError {
  const how = exit.signal ?? `exit code ${exit.exit_code}`;
  const screen = isPipe ? '' : `'pilotty snapshot -s ${name}' or `;
  const running =
    others.length === 0 ? '' : ` Running sessions: ${others.slice(0, 5).join(', ')}; choose one with -s.`;
  return new RequestError('SESSION_EXITED', `Session '${name}' has ended (${how})`, {
    suggestion: `Run ${screen}'pilotty output -s ${name}' to see how it ended.${running}`,
    details: { session: name, session_id: id, exit },
  });
}
