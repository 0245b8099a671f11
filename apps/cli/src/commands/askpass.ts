import { command, optional, positiveTime, text, value } from '../command.ts';
import { UsageError } from '../usage-error.ts';

/** What ssh sets besides, where it wants no secret: see ssh(1), SSH_ASKPASS_PROMPT is of OpenSSH 8.2. */
const CONFIRM = 'confirm';
const NOTICE = 'none';

export const declaration = command({
  name: 'askpass',
  summary: 'ask a person for a secret, as the program of SUDO_ASKPASS',
  description: `Programs run this, in sessions of 'spawn --askpass': sudo -A by SUDO_ASKPASS, ssh by SSH_ASKPASS, git by GIT_ASKPASS. It
waits until a person has answered with 'pilotty answer', and prints the answer for the program. Exit code 1 where they
decline, 3 at the deadline. Where stdout is a terminal it is refused: the answer would be shown.`,
  arguments: { prompt: optional('what the person is asked', text) },
  options: { timeout: value('TIME', positiveTime, 'how long to wait for the person (default: 10m)', 't') },
  examples: [
    ['pilotty spawn --askpass --send "sudo -A make install" bash', 'a program that runs it'],
    ["PGPASSWORD=$(pilotty askpass 'database password')", 'in a script that runs in such a session'],
  ],
  startsDaemon: false,
  batchUnsupportedReason: () => 'its answer is for the program that runs it',
  hostUnsupportedReason: () => 'the program that asks is on this host',
  // The program that asks is the one that runs it.
  needsProcess: () => true,
  answer: { only: '' },
  async run({ prompt = '', timeout }, io, client) {
    const session = io.env.PILOTTY_ASKPASS || undefined;
    if (session === undefined)
      throw new UsageError(
        'askpass runs in no session of spawn --askpass',
        "Start the session with 'pilotty spawn --askpass'.",
      );
    if (io.stdout.isTty)
      throw new UsageError(
        'stdout is a terminal, which would show the answer',
        "Let a program take it: PASSWORD=$(pilotty askpass 'the password').",
      );
    const kind = io.env.SSH_ASKPASS_PROMPT;
    const asked = kind === CONFIRM ? `${prompt} (yes or no)` : prompt;
    const params = { session, prompt: asked, timeout_ms: timeout };
    const { text } = await client.request('session.ask', params, { signal: io.signal });
    if (text === null) {
      await io.stderr.write('pilotty: a person has declined to answer\n');
      return 1;
    }
    if (kind === CONFIRM) return /^y(es)?$/i.test(text.trim()) ? 0 : 1;
    if (kind !== NOTICE) await io.stdout.write(new TextEncoder().encode(`${text}\n`));
    return 0;
  },
});
