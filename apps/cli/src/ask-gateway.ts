/** Asks the gateway that runs, over its socket; undefined when none does. */
import { ConnectionError } from '@pilotty/client';
import { openConnection } from '@pilotty/client/node';

/** It answers at once, and gives what is being answered a second when it ends. */
const ANSWER_WITHIN_MS = 5_000;

/**
 * @param question a word that the gateway knows
 * @param untilItEnds answer only once the gateway has ended
 * @throws ConnectionError when it does not answer, or does not end
 */
export async function askGateway<T>(
  path: string,
  question: string,
  untilItEnds = false,
): Promise<T | undefined> {
  const socket = await openConnection(path);
  if (socket === undefined) return undefined;
  return await new Promise((resolve, reject) => {
    let text = '';
    const silent = setTimeout(() => {
      socket.destroy();
      reject(
        new ConnectionError(`the gateway that listens at ${path} does not answer`, {
          suggestion: "'pilotty serve --stop' ends it.",
        }),
      );
    }, ANSWER_WITHIN_MS);
    socket.write(`${question}\n`);
    socket.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
      if (text.includes('\n') && !untilItEnds) socket.end();
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ECONNRESET') reject(error);
    });
    socket.once('close', () => clearTimeout(silent));
    socket.once('close', () => resolve(text.includes('\n') ? (JSON.parse(text) as T) : undefined));
  });
}
