/** What a handler is, and the duty to have one for every method of the protocol: a missing one does not compile. */
import type { MethodName, ParsedParams, Result } from '@pilotty/protocol';
import type { Daemon } from '../daemon.ts';
import type { Call } from '../server/call.ts';
import { chooseHandlers } from './choose.ts';
import { daemonHandlers } from './daemon.ts';
import { inputHandlers } from './input.ts';
import { mouseHandlers } from './mouse.ts';
import { outputHandlers } from './output.ts';
import { screenHandlers } from './screen.ts';
import { sessionHandlers } from './session.ts';
import { waitHandlers } from './wait.ts';

export type Handler<M extends MethodName> = (
  daemon: Daemon,
  params: ParsedParams<M>,
  call: Call,
) => Result<M> | Promise<Result<M>>;

export type Handlers<M extends MethodName = MethodName> = { readonly [Name in M]: Handler<Name> };

export const handlers: Handlers = {
  ...daemonHandlers,
  ...sessionHandlers,
  ...inputHandlers,
  ...mouseHandlers,
  ...chooseHandlers,
  ...screenHandlers,
  ...outputHandlers,
  ...waitHandlers,
};
