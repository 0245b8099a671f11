import type { Target } from '../target.ts';
import { asciicast } from './asciicast.ts';
import { framing } from './framing.ts';
import { http } from './http.ts';
import { keys } from './keys.ts';
import { mcp } from './mcp.ts';
import { params } from './params.ts';
import { replay } from './replay.ts';
import { screen } from './screen.ts';

/** Each knows the inputs of its own. */
export const targets = [
  framing,
  params,
  keys,
  screen,
  replay,
  asciicast,
  http,
  mcp,
] as unknown as readonly Target<unknown>[];
