/** All that answers requests, in one place: it takes most of the time of a start, and is loaded once clients can connect. */
export { Daemon } from './daemon.ts';
export { handlers } from './handlers/handlers.ts';
export { daemonLog } from './log.ts';
export { LoggedFaults } from './logged-faults.ts';
export { policyMaker } from './policy/policy-maker.ts';
export { loadTerminals } from './pty/fork.ts';
export { Rest } from './rest.ts';
export { runToEnd } from './run-to-end.ts';
export { parseHello, parseParams } from './server/validate.ts';
