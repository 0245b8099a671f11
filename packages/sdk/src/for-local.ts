/** What pilotty/local and pilotty/testing are made with; not part of the SDK's interface. */
export { asyncDispose } from './async-dispose.ts';
export { elementQuery, type Query, textQuery } from './found.ts';
export { framedScreen } from './framed-screen.ts';
export { withInherited } from './inherited.ts';
export { conversations } from './link.ts';
export { foundOn, Locator, lookOf } from './locator.ts';
export { pilottyOver } from './pilotty.ts';
export { projectsHere } from './projects-here.ts';
