/**
 * `import 'pilotty/local'`: the SDK with a daemon of its own in this process, for tests.
 *
 * @module pilotty-local
 */
export { startLocal } from './local/start-local.ts';
