/** Of the commands whose exit code is a program's, where there is none: as with timeout(1) and docker-run(1). */
export const DEADLINE_EXIT_CODE = 124;
export const OWN_FAILURE_EXIT_CODE = 125;
