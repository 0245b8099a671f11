import { waitForMany } from '../waiting/many.ts';
import { waitOn } from '../waiting/wait-on.ts';
import type { Handlers } from './handler.ts';

export const waitHandlers: Handlers<'session.wait' | 'sessions.wait'> = {
  'session.wait': (services, params, call) => waitOn(services.sessions.get(params.session), params, call),
  'sessions.wait': (services, params, call) => waitForMany(services.sessions, params, call),
};
