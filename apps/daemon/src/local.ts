/**
 * `import 'pilotty/local'`: the SDK with a daemon of its own in this process, for tests.
 *
 * @module pilotty-local
 */
export type { Cut, TerminalFaults } from '@pilotty/daemon/faults';
export { type LocalOptions, startLocal } from './local/start-local.ts';
