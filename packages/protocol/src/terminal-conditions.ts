/** What can be waited for only where there is a screen, a keyboard or a shell: a program without a terminal has none. */
export const terminalConditions = [
  'gone',
  'gone_regex',
  'change',
  'settle_ms',
  'prompt',
  'reads',
  'password',
  'cursor',
  'title',
  'bell',
  'command_finished',
] as const;
