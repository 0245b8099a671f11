/** The daemon as a library of one function; apps/daemon is the program around it. */
export { errors, RequestError } from '@pilotty/protocol';
export { type RunOptions, runDaemon } from './run-daemon.ts';
