/**
 * Where the two generations of the command answer differently. All else is one: either may go on
 * with a session that the other has started.
 */
export interface Generation {
  /** What the user has called. */
  program: string;
  /** Said of a session by `start`, `list` and `status`. */
  words: { running: string; ended: string };
  /** Hexadecimal digits after 'sess_'. */
  idDigits: number;
  /** How `start` and `status` show what runs. */
  showCommand(argv: readonly string[]): string | readonly string[];
  /** A failure is an object on stdout too, as the first generation's tools read it there. */
  failsOnStdout: boolean;
  /** `end` leaves nothing for `cleanup`. */
  endRemoves: boolean;
}

export const first: Generation = {
  program: 'delta-sessions-pty',
  words: { running: 'running', ended: 'dead' },
  idDigits: 12,
  showCommand: (argv) => argv,
  failsOnStdout: true,
  endRemoves: true,
};

export const second: Generation = {
  program: 'delta-sessions',
  words: { running: 'active', ended: 'terminated' },
  idDigits: 8,
  showCommand: (argv) => argv.join(' '),
  failsOnStdout: false,
  endRemoves: false,
};
