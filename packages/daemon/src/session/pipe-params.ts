/** What a spawn without a terminal cannot be asked for. */
import { type ParsedParams, RequestError } from '@pilotty/protocol';

type Params = ParsedParams<'session.spawn'>;

const NEED_A_TERMINAL: readonly (readonly [name: keyof Params, what: string])[] = [
  ['in', 'a program in a container'],
  ['keep_input', 'input that is kept for a script'],
  ['record', 'a recording of its screen'],
  ['snapshot', 'a look at its screen'],
  ['colors', 'colours that are shown'],
];

/** @throws RequestError INVALID_INPUT for what needs a terminal, before anything is done */
export function requirePipeParams(params: Params): void {
  const wrong = NEED_A_TERMINAL.find(([name]) => params[name] !== undefined && params[name] !== false);
  if (wrong === undefined) return;
  throw new RequestError(
    'INVALID_INPUT',
    `A program without a terminal (pipe) cannot have '${wrong[0]}': ${wrong[1]} needs one`,
    { suggestion: `Leave out one of the two.` },
  );
}
