/** What acting tools have in common: the request that acts, waits and looks at once, and its answer. */
import type { Params, Result } from '@pilotty/client';
import type { Answer } from './answers/answer.ts';
import { type Screen, screenAnswer } from './answers/screen-text.ts';
import { waitAnswer } from './answers/wait-text.ts';
import { KEEP_WAIT_MS } from './limits.ts';
import type { Then } from './params.ts';

type Act = Pick<Params<'session.key'>, 'only_if' | 'wait' | 'snapshot'>;
type Acted = Pick<Result<'session.key'>, 'wait' | 'screen'>;

/** @param withinMs what is left for the wait */
export function thenRequest({ wait, screen }: Then, withinMs: number): Omit<Act, 'only_if'> {
  return {
    ...(wait && { wait: patient(wait, withinMs) }),
    ...(screen !== 'none' && { snapshot: { format: screen === 'picture' ? 'png' : screen } }),
  };
}

export function actRequest(given: Then & { if_text?: string | string[] | undefined }, withinMs: number): Act {
  return {
    ...(given.if_text !== undefined && { only_if: { text: given.if_text } }),
    ...thenRequest(given, withinMs),
  };
}

/** Cut to the time there is, and kept beyond it. */
export function patient<W extends { timeout_ms: number }>(
  wait: W,
  withinMs: number,
): W & { keep_ms: number } {
  return { ...wait, timeout_ms: Math.min(wait.timeout_ms, withinMs), keep_ms: KEEP_WAIT_MS };
}

export function thenAnswer({ wait: asked }: Then, { wait, screen }: Acted, withinMs: number): Answer {
  // Without a screen a wait that failed brings it: then there is something to look at.
  const failed = wait && !wait.holds ? wait.screen : undefined;
  const shown = screen ?? failed;
  return [
    ...(wait ? waitAnswer(wait, { regex: asked?.regex, wasCut: (asked?.timeout_ms ?? 0) > withinMs }) : []),
    ...(shown ? screenAnswer(withoutSaid(shown, wait)) : []),
  ];
}

/** What the wait's answer has said stands in the screen as well. */
export function withoutSaid(screen: Screen, wait: Acted['wait']): Screen {
  const { note, exit, ...rest } = screen;
  return {
    ...rest,
    ...(note !== undefined && note !== wait?.note && { note }),
    ...(exit !== undefined && wait?.exit === undefined && { exit }),
  };
}
