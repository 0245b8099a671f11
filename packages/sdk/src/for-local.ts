/** What the daemon in a user's own process is handed out with; not part of the SDK's interface. */
export { withInherited } from './inherited.ts';
export { conversations } from './link.ts';
export { pilottyOver } from './pilotty.ts';
