/** The files and FIFOs through which the daemon and a shell talk about one command. */
export interface ChannelFiles {
  readonly directory: string;
  /** Sourced by the typed line. */
  readonly run: string;
  /** Sourced to ask a shell that came back without a report. */
  readonly ask: string;
  /** Makes the status of before the status of now, for the command to see. It is the same for all, and stays. */
  readonly status: string;
  /** The command. */
  readonly code: string;
  /** The command, where `code` evaluates it. */
  readonly text: string;
  /** The last line of the shell's history, while it is being looked at. */
  readonly last: string;
  /** FIFOs. */
  readonly out: string;
  readonly err: string;
  readonly say: string;
}
