import type { Target } from '../target.ts';
import { replay } from './replay.ts';

/** Each knows the inputs of its own. */
export const targets = [replay] as unknown as readonly Target<unknown>[];
