/** What is loaded when a daemon is wanted in this process: the build makes it a file of its own. */
export { startInProcess } from '@pilotty/daemon/in-process';
export { DirectClient } from '../direct-client.ts';
