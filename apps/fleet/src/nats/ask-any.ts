/** A question that any host of a fleet can answer, and that NATS hands to one of them. */
import { type NatsConnection, NoRespondersError, RequestError } from '@nats-io/nats-core';

/**
 * One that is stopped, or cut off, is still handed questions until NATS has noticed. So where none is answered for a moment
 * another is asked as well, and the first answer counts.
 */
const ANOTHER_AFTER_MS = 300;
const ANSWER_WITHIN_MS = 1_500;
const MAX_ASKED = 10;

export function isNobody(error: unknown): boolean {
  return error instanceof NoRespondersError || (error as Error).cause instanceof NoRespondersError;
}

/** Only for what may be asked twice. @throws what NATS says, of the last */
export function askAny<T>(
  connection: Pick<NatsConnection, 'request'>,
  subject: string,
  question: object,
): Promise<T> {
  const text = JSON.stringify(question);
  return new Promise<T>((resolve, reject) => {
    let asked = 0;
    let open = 0;
    const over = (settle: () => void) => {
      clearInterval(others);
      settle();
    };
    const ask = () => {
      asked += 1;
      open += 1;
      if (asked === MAX_ASKED) clearInterval(others);
      const failed = (error: unknown) => {
        open -= 1;
        // Who is late is not the last, as long as others are asked.
        if (!isLate(error) || (open === 0 && asked === MAX_ASKED)) over(() => reject(error));
      };
      connection
        .request(subject, text, { timeout: ANSWER_WITHIN_MS })
        .then((answer) => answer.json<T>())
        .then((answer) => over(() => resolve(answer)), failed);
    };
    const others = setInterval(ask, ANOTHER_AFTER_MS);
    ask();
  });
}

function isLate(error: unknown): boolean {
  const { name, cause } = error as Error;
  return (
    name === 'TimeoutError' ||
    (error instanceof RequestError && (cause as Error | undefined)?.name === 'TimeoutError')
  );
}
