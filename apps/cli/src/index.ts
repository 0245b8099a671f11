/** The commands as functions, for a process that runs them for another one. */
export { callerOf } from './asked.ts';
export type { Io, Output } from './io.ts';
export { outcomeOf, type RunsIn, runProgram, runsIn } from './program.ts';
