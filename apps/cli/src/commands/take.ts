import { command, flag, positiveTime, sessionOf, sessionOption, value } from '../command.ts';
import { printJson } from '../output.ts';

/** Long enough for a person, and not for ever should its taker be gone. */
const FOR_MS = 600_000;

export const declaration = command({
  name: 'take',
  summary: 'have the keyboard of a session for yourself',
  description: `Input of others is refused with KEYBOARD_TAKEN, which names you, and nothing of it is sent; they may look, resize,
signal and kill. It ends with 'pilotty release', after --for, or with --hold when this command ends. You are known
by --as, $PILOTTY_CLIENT, or the program that runs pilotty: its commands are one client.`,
  options: {
    session: sessionOption,
    for: value('TIME', positiveTime, 'for this long (default: 10m)'),
    hold: flag('until this command is ended, instead'),
    steal: flag('also from another client, who sees it'),
  },
  examples: [
    ['pilotty take -s build --for 5m', 'no one else types for five minutes'],
    ['pilotty take -s build --steal', 'from the client that has it'],
    ['pilotty take -s build --hold &', 'until that process is ended'],
  ],
  startsDaemon: true,
  batchUnsupportedReason: ({ hold }) => (hold ? 'with --hold it does not end' : undefined),
  async run(given, io, client) {
    const { hold, steal } = given;
    const for_ms = hold ? undefined : (given.for ?? FOR_MS);
    const taken = await client.request('session.take', { session: sessionOf(given, io), for_ms, steal });
    await printJson(io.stdout, taken);
    if (hold) await Promise.race([aborted(io.signal), client.disconnected()]);
    io.signal.throwIfAborted();
    return 0;
  },
});

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
