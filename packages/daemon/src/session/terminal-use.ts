/** What the kernel knows of a session's terminal, taken together: who has the keyboard, how it is set, what is stopped. */
import type { Foreground, Job, Terminal } from '@pilotty/protocol';
import { foregroundOf, stoppedJobsOf } from '../processes/foreground.ts';
import { settingsOf, terminalState } from '../processes/terminal-state.ts';
import type { Session } from './session.ts';

export interface TerminalUse {
  foreground: Foreground | null;
  /** null when the terminal is gone. */
  terminal: Terminal | null;
  stoppedJobs: Job[];
}

export async function terminalUse(session: Session): Promise<TerminalUse> {
  if (session.hasNoProgram) return { foreground: null, terminal: null, stoppedJobs: [] };
  if (session.inside) {
    const { foreground, terminal, stoppedJobs } = await session.inside.look();
    return { foreground, terminal, stoppedJobs };
  }
  const state = await terminalState(session.terminalPath);
  const foreground = foregroundOf(session.pid);
  return {
    foreground: foreground ?? null,
    terminal: state ? settingsOf(state, foreground) : null,
    stoppedJobs: stoppedJobsOf(session.pid),
  };
}
