/** Asks the gateway that runs, over its socket; undefined when none does. */
import { createConnection } from 'node:net';

/**
 * @param question a word that the gateway knows
 * @param untilItEnds answer only once the gateway has ended
 */
export function askGateway<T>(path: string, question: string, untilItEnds = false): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path);
    let text = '';
    socket.once('connect', () => socket.write(`${question}\n`));
    socket.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
      if (text.includes('\n') && !untilItEnds) socket.end();
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') resolve(undefined);
      else if (error.code !== 'ECONNRESET') reject(error);
    });
    socket.once('close', () => resolve(text.includes('\n') ? (JSON.parse(text) as T) : undefined));
  });
}
