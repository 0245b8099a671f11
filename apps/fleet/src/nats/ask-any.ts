/** A question that any host of a fleet can answer, and that NATS hands to one of them. */
import { type NatsConnection, NoRespondersError, RequestError } from '@nats-io/nats-core';

/** One that is stopped, or cut off, is still handed questions until NATS has noticed: then another is asked. */
const ANSWER_WITHIN_MS = 1_500;
const MAX_ASKED = 5;

export function isNobody(error: unknown): boolean {
  return error instanceof NoRespondersError || (error as Error).cause instanceof NoRespondersError;
}

/** Only for what may be asked twice. @throws what NATS says, of the last */
export async function askAny<T>(connection: NatsConnection, subject: string, question: object): Promise<T> {
  for (let asked = 1; ; asked++) {
    try {
      const answer = await connection.request(subject, JSON.stringify(question), {
        timeout: ANSWER_WITHIN_MS,
      });
      return answer.json<T>();
    } catch (error) {
      if (isNobody(error) || asked >= MAX_ASKED || !isLate(error)) throw error;
    }
  }
}

function isLate(error: unknown): boolean {
  const { name, cause } = error as Error;
  return (
    name === 'TimeoutError' ||
    (error instanceof RequestError && (cause as Error | undefined)?.name === 'TimeoutError')
  );
}
