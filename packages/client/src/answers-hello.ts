/** Whether what is at the other end of a connection of its own answers at all. */
import type { Transport } from './transport.ts';

/** Closes the connection. @param until is aborted when nothing more is waited for @returns also true where hello is refused */
export async function answersHello(
  transport: Transport,
  hello: string,
  until: AbortSignal,
): Promise<boolean> {
  return await new Promise<boolean>((resolve) => {
    const silent = () => resolve(false);
    if (until.aborted) return silent();
    until.addEventListener('abort', silent, { once: true });
    const answered = () => resolve(true);
    transport.listen({ line: answered, closed: answered });
    transport.send(hello);
  }).finally(() => transport.close());
}
