/** Holds what differs against what is explained. */
import { expect } from 'vitest';
import type { Looks } from './compare.ts';
import { type Explanation, explained, TMUX_VERSION } from './explained.ts';
import type { Aspect } from './look.ts';
import { type Size, Tmux } from './tmux.ts';

export function sizeName({ cols, rows }: Size): string {
  return `${cols}x${rows}`;
}

export function explanationOf(name: string, size: Size): Explanation | undefined {
  return explained.find(({ of, sizes }) => of.includes(name) && (sizes?.includes(sizeName(size)) ?? true));
}

/** In which respects the two differ; `styles` only where the text does not. */
function differences({ tmux, ours }: Looks): Aspect[] {
  const aspects: Aspect[] = ['text', 'styles', 'cursor', 'modes', 'scrollback'];
  const differing = aspects.filter((aspect) => JSON.stringify(tmux[aspect]) !== JSON.stringify(ours[aspect]));
  return differing.includes('text') ? differing.filter((aspect) => aspect !== 'styles') : differing;
}

/**
 * Fails on a difference that is not explained, and, where `isFixed` bytes were drawn by the version the
 * explanations are about, on an explanation of something that does not differ.
 */
export function expectExplained(
  name: string,
  size: Size,
  looks: Looks,
  { isFixed = true, ignored }: { isFixed?: boolean; ignored?: Aspect } = {},
): void {
  const explanation = explanationOf(name, size);
  const found = differences(looks).filter((aspect) => aspect !== ignored);
  const unexplained = found.filter((aspect) => !explanation?.aspects.includes(aspect));
  // All of it, so that the failure shows both screens.
  if (unexplained.length > 0) expect(looks.ours, `${name}, ${sizeName(size)}`).toEqual(looks.tmux);
  if (explanation === undefined || !isFixed) return;
  if (explanation.isSameWithScrollback) {
    const all = ({ scrollback, text }: Looks['ours']) => [...scrollback, ...text];
    expect(all(looks.ours), `${name}, ${sizeName(size)}, with scrollback`).toEqual(all(looks.tmux));
  }
  if (found.length === 0 && Tmux.version() === TMUX_VERSION)
    throw new Error(`${name} does not differ at ${sizeName(size)}; its explanation can go`);
}
