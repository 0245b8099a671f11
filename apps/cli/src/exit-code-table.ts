/** Every exit code of the command line, for `pilotty --help` and docs/errors.md. */
export const exitCodeTable: readonly (readonly [code: string, meaning: string])[] = [
  ['0', 'done; the condition of a wait is met'],
  ['1', 'the request failed; grep: nothing was found'],
  ['2', 'wrong arguments; nothing was done'],
  ['3', 'the deadline passed'],
  ['4', 'the program has ended, or ended before the condition was met'],
  ['5', 'no such session'],
  ['6', 'the daemon cannot be reached or started; with --fleet also: a host is not in the answer'],
  ['123', 'exec: the command ran; its exit code is unknown'],
  ['124', 'exec, run: the deadline passed'],
  ['125', 'exec, run: pilotty failed, not the program'],
  ['128+N', 'pilotty was interrupted by signal N; exec, run: the program was'],
];
