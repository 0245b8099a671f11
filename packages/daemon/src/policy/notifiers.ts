/** Programs that show notifications: as freedesktop.org has it, of macOS, and one that is installed there. */
export const NOTIFIERS = ['notify-send', 'osascript', 'terminal-notifier'] as const;
