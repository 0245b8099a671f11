/** Asks the person for a line that is not shown, with their terminal to ourselves for as long. */
import type { Io } from './io.ts';
import { SecretLine, type Typed } from './terminal/secret-line.ts';
import type { UserTerminal } from './terminal/user-terminal.ts';

/** @returns undefined where the person has cancelled it, or their terminal is gone */
export async function askSecret(terminal: UserTerminal, prompt: string, io: Io): Promise<string | undefined> {
  const line = new SecretLine();
  let end: (typed: Typed) => void = () => {};
  const ended = new Promise<Typed>((resolve) => {
    end = resolve;
  });
  const interrupted = () => end('cancelled');
  io.signal.addEventListener('abort', interrupted);
  try {
    await terminal.enter({
      entering: prompt,
      leaving: () => '\r\n',
      rescue: '',
      typed: (bytes) => {
        const typed = line.take(bytes);
        if (typed !== undefined) end(typed);
      },
      lost: () => {},
      closed: interrupted,
    });
    const typed = await ended;
    return typed === 'cancelled' ? undefined : typed.text;
  } finally {
    terminal.leave();
    io.signal.removeEventListener('abort', interrupted);
  }
}
