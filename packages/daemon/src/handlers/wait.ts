import { waitForMany } from '../waiting/many.ts';
import { waitOn } from '../waiting/wait-on.ts';
import type { Handlers } from './handler.ts';

export const waitHandlers: Handlers<'session.wait' | 'sessions.wait'> = {
  'session.wait': (daemon, params, call) => waitOn(daemon.sessions.get(params.session), params, call),
  'sessions.wait': (daemon, params, call) => waitForMany(daemon.sessions, params, call),
};
