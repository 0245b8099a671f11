/** An error in HTTP, written by hand where there is no answer to write it to: before an upgrade, or to no request. */
import type { Duplex } from 'node:stream';
import { errors } from '@pilotty/client';
import { errorBodyOf, errorHeaders } from './errors.ts';

/** For the answer to reach a peer that reads; one that does not read keeps no connection. */
const SENT_WITHIN_MS = 1_000;

export function refuse(socket: Duplex, error: unknown, otherStatus?: number): void {
  const body = errorBodyOf(error);
  const status = otherStatus ?? errors[body.code].httpStatus;
  const json = JSON.stringify(body);
  const headers = {
    ...errorHeaders(error),
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(json)),
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const cut = setTimeout(() => socket.destroy(), SENT_WITHIN_MS);
  // Ended by us alone it would stay half open for as long as its peer likes.
  socket.end(`HTTP/1.1 ${status} ${body.code}\r\n${lines.join('')}\r\n${json}`, () => {
    clearTimeout(cut);
    socket.destroy();
  });
}
