/** What the program of a session is doing, in one word, and what that word was concluded from. */
export const workStates = ['working', 'asking', 'done', 'failed', 'idle'] as const;

export type WorkStateName = (typeof workStates)[number];

/** The surest first: docs/work-states.md says what each takes. */
export const workStateReasons = [
  'exit',
  'set',
  'password',
  'question',
  'command',
  'prompt',
  'progress',
  'notification',
  'bell',
  'input',
  'output',
  'runs',
  'reads',
  'quiet',
] as const;

export type WorkStateReason = (typeof workStateReasons)[number];
