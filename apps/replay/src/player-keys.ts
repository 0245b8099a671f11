/** What the keys of the player do. */
import type { TypedKey } from '@pilotty/terminal/key-reader';

const NAMED = {
  'Ctrl+C': 'quit',
  'Ctrl+Z': 'suspend',
  Left: 'back',
  Right: 'forward',
  Home: 'start',
  End: 'end',
  Up: 'faster',
  Down: 'slower',
} as const;
const TEXT = {
  q: 'quit',
  Q: 'quit',
  ' ': 'pause',
  h: 'back',
  l: 'forward',
  '0': 'start',
  '+': 'faster',
  '=': 'faster',
  '-': 'slower',
  ']': 'next marker',
  '[': 'previous marker',
} as const;

export type PlayerAction = (typeof NAMED)[keyof typeof NAMED] | (typeof TEXT)[keyof typeof TEXT];

/** undefined for a key that means nothing */
export function actionOf(key: TypedKey): PlayerAction | undefined {
  if ('name' in key) return actionIn(NAMED, key.name);
  return 'text' in key ? actionIn(TEXT, key.text) : undefined;
}

function actionIn(actions: Readonly<Record<string, PlayerAction>>, key: string): PlayerAction | undefined {
  return Object.hasOwn(actions, key) ? actions[key] : undefined;
}
