/** What a session is started with. */
import type { SessionSummary } from '@pilotty/protocol';
import type { Fault } from '@pilotty/terminal';
import type { Inside } from '../containers/inside.ts';
import type { InputJournal } from '../input/journal.ts';
import type { PtyOptions } from '../pty/fork.ts';
import type { TerminalFaults } from '../pty/terminal-faults.ts';
import type { RestartPolicy } from './restart-policy.ts';
import type { ShellIntegration } from './shell-integration.ts';

export interface SessionOptions extends PtyOptions {
  /** Its program runs in there; arguments are those of the program, environment and directory those of the runtime's command. */
  in?: Inside | undefined;
  /** It has no terminal: pipes are its stdin, stdout and stderr. */
  pipe?: boolean | undefined;
  id: string;
  name: string;
  term: string;
  /** Of who starts it, where that is a person who sees it. */
  colors?: { foreground: string; background: string } | undefined;
  tags: readonly string[];
  scrollback: number;
  retainBytes: number;
  /** Its arguments and environment are what is started; `argv` stays what was asked for. */
  integration: ShellIntegration | undefined;
  /** Absent, or undefined, where its program is started again at a client's request only. */
  restartPolicy?: RestartPolicy | undefined;
  /** That it belongs to. */
  project?: SessionSummary['project'];
  /** What is sent to it is written down there; undefined where that was not asked for. */
  journal?: InputJournal | undefined;
  /** Stands above the program's output, and counts as output of before. */
  history?: Uint8Array | undefined;
  /** Between the program and the terminal; none but in tests of programs. */
  faults?: TerminalFaults | undefined;
  /** Called for output that could not be parsed. */
  onFault: (fault: Fault) => void;
}
