/**
 * Looks that time alone brings about, made once what programs have printed meanwhile is read and drawn. A turn of
 * Node's event loop runs timers before it reads: after a stall of the daemon, as on a busy machine or when it was
 * stopped, a timer would find a silence that there was not.
 *
 * A look may come after its timer was cleared, within the same turn: it asks whether it is still wanted.
 */

export function lookAfter(ms: number, look: () => void): NodeJS.Timeout {
  return setTimeout(() => onceRead(look), ms);
}

export function lookEvery(ms: number, look: () => void): NodeJS.Timeout {
  return setInterval(() => onceRead(look), ms);
}

export function timeToLook(ms: number): Promise<void> {
  return new Promise((resolve) => {
    lookAfter(ms, resolve);
  });
}

/** The reads of this turn come before its immediates; what draws them is an immediate itself. */
function onceRead(look: () => void): void {
  setImmediate(() => setImmediate(look));
}
