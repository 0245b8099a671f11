/**
 * One POST of a rule: JSON, signed where there is a secret, answered within a deadline. No redirect is followed: where it
 * leads was not asked for. Loaded with the first rule that sends one.
 */
import { createHmac } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import { VERSION } from '@pilotty/protocol';

interface Delivery {
  url: string;
  body: string;
  /** The same in every attempt, so that a receiver knows one that came twice. */
  id: string;
  secret: string | undefined;
}

export interface Sent {
  ok: boolean;
  reason?: string;
  /** It may go well another time. */
  isTemporary: boolean;
}

/** `t=SECONDS,v1=HEX`: HMAC with SHA-256 of the seconds, a dot and the body. */
export function signature(secret: string, body: string, seconds: number): string {
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
}

/** @param signal gives it up */
export function send(
  { url, body, id, secret }: Delivery,
  withinMs: number,
  signal: AbortSignal,
): Promise<Sent> {
  return new Promise((resolve) => {
    const failed = (error: Error) =>
      resolve({ ok: false, reason: `the request failed: ${error.message}`, isTemporary: true });
    const { request } = url.startsWith('https:') ? https : http;
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'user-agent': `pilotty/${VERSION}`,
      'pilotty-delivery': id,
      ...(secret !== undefined && {
        'pilotty-signature': signature(secret, body, Math.floor(Date.now() / 1000)),
      }),
    };
    const sending = request(url, { method: 'POST', headers, agent: false, signal }, (answer) => {
      clearTimeout(late);
      // The status is all that counts, and the rest may be without end.
      answer.on('error', () => {});
      answer.destroy();
      resolve(judged(answer.statusCode ?? 0));
    });
    const late = setTimeout(() => sending.destroy(new Error(`no answer in ${withinMs} ms`)), withinMs);
    sending.on('error', (error) => {
      clearTimeout(late);
      failed(error);
    });
    sending.end(body);
  });
}

function judged(status: number): Sent {
  if (status >= 200 && status < 300) return { ok: true, isTemporary: false };
  const isRedirect = status >= 300 && status < 400;
  return {
    ok: false,
    reason: `the answer was ${status}${isRedirect ? ', and redirects are not followed' : ''}`,
    isTemporary: status === 408 || status === 429 || status >= 500,
  };
}
