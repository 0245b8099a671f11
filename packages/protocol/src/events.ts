/** The kinds of events that can be followed, in the order in which a session has them. */
export const eventTypes = [
  'spawned',
  'output',
  'changed',
  'input',
  'idle',
  'title',
  'cwd',
  'bell',
  'notification',
  'progress',
  'command_started',
  'command_finished',
  'attached',
  'detached',
  'keyboard_taken',
  'keyboard_released',
  'hand_over',
  'resized',
  'renamed',
  'tagged',
  'recording_started',
  'recording_ended',
  'restarted',
  'exited',
] as const;

export type EventType = (typeof eventTypes)[number];
