/** What answers a method: its parameters are valid, its result is what the protocol promises. */
import type { MethodName, ParsedParams, Result } from '@pilotty/protocol';
import type { Call } from '../call.ts';
import type { Services } from './services.ts';

export type Handler<M extends MethodName> = (
  services: Services,
  params: ParsedParams<M>,
  call: Call,
) => Result<M> | Promise<Result<M>>;

export type Handlers<M extends MethodName = MethodName> = { readonly [Name in M]: Handler<Name> };
