/** The commands as functions, for a process that runs them for another one. */
export { callerOf } from './asked.ts';
export type { Io, Output } from './io.ts';
export { needsProcess, outcomeOf, runProgram } from './program.ts';
