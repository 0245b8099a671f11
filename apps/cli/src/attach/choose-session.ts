/** Which session to attach, where none was named: the only one, or the one that the person chooses from a list. */
import { type Client, listedName, RequestError, type Result } from '@pilotty/client';
import type { Io } from '../io.ts';
import { shortened } from '../readable-sessions.ts';
import type { UserTerminal } from '../terminal/user-terminal.ts';

type Summary = Result<'session.list'>['sessions'][number];

/**
 * @param except the name of the session that we run in
 * @throws RequestError SESSION_NOT_FOUND without any, CONDITION_FAILED when none was chosen
 */
export async function chooseSession(
  terminal: UserTerminal,
  io: Io,
  client: Client,
  except: string | undefined,
): Promise<string> {
  const { sessions } = await client.request('session.list', {}, { signal: io.signal });
  const offered = sessions.filter(({ name }) => name !== except);
  const [first, ...others] = offered;
  if (first === undefined)
    throw new RequestError(
      'SESSION_NOT_FOUND',
      `No ${except === undefined ? '' : 'other '}session is running`,
      {
        suggestion: "Start one: 'pilotty shell', or 'pilotty spawn --attach PROGRAM'.",
      },
    );
  if (others.length === 0) return first.id;
  await io.stdout.write(listOf(offered));
  const interrupted = new Promise<undefined>((resolve) => {
    io.signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  const question = `Which one, 1 to ${offered.length} or a name? q leaves: `;
  for (;;) {
    const answer = await Promise.race([terminal.ask(question), interrupted]);
    io.signal.throwIfAborted();
    if (answer === undefined || answer === 'q') break;
    const chosen = chosenBy(answer, offered, io);
    if (chosen !== undefined) return chosen.id;
  }
  throw new RequestError('CONDITION_FAILED', 'No session was chosen', {
    suggestion: "Name one: 'pilotty attach -s NAME'.",
  });
}

function listOf(sessions: readonly Summary[]): string {
  const width = Math.max(...sessions.map(({ name }) => name.length));
  const rows = sessions.map(
    ({ name, command, title }, index) =>
      `${String(index + 1).padStart(3)}  ${name.padEnd(width)}  ${shortened(title ?? command)}\n`,
  );
  return rows.join('');
}

function chosenBy(answer: string, sessions: readonly Summary[], { env }: Io): Summary | undefined {
  const wanted = listedName(answer, env.PILOTTY_SCOPE || undefined);
  return (
    sessions.find(({ name, id }) => name === wanted || id === answer) ??
    sessions[Number(answer || Number.NaN) - 1]
  );
}
