/** pilotty in a browser, and wherever there is nothing of Node: through a gateway. */
export { attach, type ConnectOptions, connect, spawn } from './connect-browser.ts';
export * from './everywhere.ts';
