import { attachTo, printAttached } from '../attach/attach-to.ts';
import { command, flag, nonEmpty, value } from '../command.ts';
import { exitCodeOfOwnFailure } from '../exit-codes.ts';

export const attachOptions = {
  'read-only': flag('look only: never type, never set the size', 'r'),
  'status-line': flag('keep the last row for the name, the keyboard and the keys that leave'),
  'detach-keys': value(
    'KEYS',
    nonEmpty,
    "keys that leave, the first with Ctrl: 'Ctrl+] d' (default: $PILOTTY_DETACH_KEYS, else Ctrl+\\ d)",
  ),
};

export const declaration = command({
  name: 'attach',
  summary: 'join a session with your own terminal',
  description: `Ctrl+\\ d leaves, and so does Ctrl+\\ twice; the session goes on. Ctrl+\\ t takes the keyboard for you alone, Ctrl+\\ r
releases it. Any other key after Ctrl+\\, or none for a second, and both reach the program. The session has the size
of your window: of several people's, that of the one who typed last; it gets back its own when the last has left.
Without -s: the only session there is, or a list to choose from. Exits with the program's code if it ends, with 0
after leaving, with 125 when pilotty itself failed. Your terminal is left as it was found; should it ever not
be, 'reset' helps. See docs/attach.md.`,
  options: {
    session: value(
      'NAME',
      nonEmpty,
      'name or id of the session (default: $PILOTTY_SESSION, else you choose)',
      's',
    ),
    ...attachOptions,
  },
  examples: [
    ['pilotty attach -s build', 'see and use it; Ctrl+\\ d leaves'],
    ['pilotty attach', 'choose one of the running sessions'],
    ['pilotty attach -s agent --read-only --status-line', 'look on, and change nothing'],
    ["pilotty attach -s editor --detach-keys 'Ctrl+] d'", 'with other keys to leave'],
  ],
  startsDaemon: false,
  exitCodeOfError: exitCodeOfOwnFailure,
  needsProcess: () => true,
  answer: { only: 'type session session_id outcome exit' },
  batchUnsupportedReason: () => 'it needs your terminal',
  async run(given, io, client) {
    return await printAttached(await attachTo(given, io, client), given, io);
  },
});
