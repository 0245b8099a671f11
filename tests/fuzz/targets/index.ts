import type { Target } from '../target.ts';
import { asciicast } from './asciicast.ts';
import { framing } from './framing.ts';
import { keys } from './keys.ts';
import { replay } from './replay.ts';
import { screen } from './screen.ts';

/** Each knows the inputs of its own. */
export const targets = [framing, keys, screen, replay, asciicast] as unknown as readonly Target<unknown>[];
