import { USAGE_EXIT_CODE } from './usage-error.ts';

/** Of the commands whose exit code is a program's, where there is none: as with timeout(1) and docker-run(1). */
export const DEADLINE_EXIT_CODE = 124;
export const OWN_FAILURE_EXIT_CODE = 125;
/** The command ran, and its exit code is unknown: never 0. */
export const UNKNOWN_EXIT_CODE = 123;

/** Wrong arguments exit with a code of their own, whether the command line or the daemon refused them. */
export function exitCodeOfOwnFailure(exitCode: number): number {
  return exitCode === USAGE_EXIT_CODE ? USAGE_EXIT_CODE : OWN_FAILURE_EXIT_CODE;
}
