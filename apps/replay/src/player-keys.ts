/** The keys of the player. */

const KEYS = {
  q: 'quit',
  Q: 'quit',
  '\x03': 'quit',
  ' ': 'pause',
  '\x1b[D': 'back',
  '\x1bOD': 'back',
  h: 'back',
  '\x1b[C': 'forward',
  '\x1bOC': 'forward',
  l: 'forward',
  '\x1b[H': 'start',
  '\x1bOH': 'start',
  '\x1b[1~': 'start',
  '0': 'start',
  '\x1b[F': 'end',
  '\x1bOF': 'end',
  '\x1b[4~': 'end',
  '+': 'faster',
  '=': 'faster',
  '\x1b[A': 'faster',
  '\x1bOA': 'faster',
  '-': 'slower',
  '\x1b[B': 'slower',
  '\x1bOB': 'slower',
  ']': 'next marker',
  '[': 'previous marker',
} as const;

type PlayerKey = (typeof KEYS)[keyof typeof KEYS];

/** One key, a sequence or a character; several may come at once. */
// What keys send begins with a control character.
const ONE = /\x1b(?:\[[\d;]*[A-Za-z~]|O[A-Za-z])|[\s\S]/g;

/** The keys in what was typed; those that mean nothing are left out. */
export function keyOf(typed: string): PlayerKey[] {
  return (typed.match(ONE) ?? [])
    .map((key): PlayerKey | undefined =>
      Object.hasOwn(KEYS, key) ? KEYS[key as keyof typeof KEYS] : undefined,
    )
    .filter((key) => key !== undefined);
}
