/**
 * AbortSignal.timeout(), also where only AbortSignal.any() knows of it: Node 20 lets the collector have such a signal, and
 * then nothing is ever aborted. One that has a listener is kept until its time is over.
 *
 * @param ms as of AbortSignal.timeout(): it keeps no process
 * @see https://github.com/nodejs/node/issues/57736
 */
export function timeoutSignal(ms: number): AbortSignal {
  const signal = AbortSignal.timeout(ms);
  signal.addEventListener('abort', () => {}, { once: true });
  return signal;
}
