/** Every route, in the order of the docs. A more particular path stands before one with a parameter in its place. */
import { eventRoutes } from './events.ts';
import { execRoutes } from './exec.ts';
import { methodRoutes, systemRoutes } from './gateway.ts';
import { inputRoutes } from './input.ts';
import { keyboardRoutes } from './keyboard.ts';
import { lookingRoutes } from './looking.ts';
import type { Route } from './route.ts';
import { sessionRoutes } from './sessions.ts';
import { waitingRoutes } from './waiting.ts';

export const routes: readonly Route[] = [
  ...systemRoutes,
  ...sessionRoutes,
  ...inputRoutes,
  ...keyboardRoutes,
  ...lookingRoutes,
  ...waitingRoutes,
  ...execRoutes,
  ...eventRoutes,
  ...methodRoutes,
];
