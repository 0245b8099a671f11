/** Requests of a command that runs inside the daemon: what is logged of them. */
import { expect, test } from 'vitest';
import { DirectClient } from '../../apps/daemon/src/direct-client.ts';
import { type Answering, type Log, RequestError } from '../../packages/daemon/src/index.ts';

interface Line {
  method: string;
  code?: string;
  word: string;
}

function clientOf(answer: Answering['answer']): { client: DirectClient; lines: Line[] } {
  const lines: Line[] = [];
  const log = {
    isLevelEnabled: () => true,
    debug: ({ method, code }: Line, word: string) => lines.push({ method, ...(code && { code }), word }),
  } as unknown as Log;
  return { client: new DirectClient({ answer } as Answering, log), lines };
}

test('a request that was answered is logged as answered', async () => {
  const { client, lines } = clientOf(async () => ({ type: 'sessions' }));
  await client.request('session.list', {});
  expect(lines).toEqual([{ method: 'session.list', word: 'answered' }]);
});

test('a request that was refused is logged as refused, with its code', async () => {
  const { client, lines } = clientOf(async () => {
    throw new RequestError('SESSION_NOT_FOUND', 'there is none');
  });
  await expect(client.request('session.key', { session: 'no', keys: 'a' })).rejects.toThrow('there is none');
  expect(lines).toEqual([{ method: 'session.key', code: 'SESSION_NOT_FOUND', word: 'refused' }]);
});

test('a request that its command gave up is logged as refused', async () => {
  const { client, lines } = clientOf(() => new Promise(() => {}));
  const leaving = new AbortController();
  const asked = client.request('session.wait', { session: 'a', text: 'b' }, { signal: leaving.signal });
  leaving.abort(new Error('the command was interrupted'));
  await expect(asked).rejects.toThrow('interrupted');
  expect(lines).toEqual([{ method: 'session.wait', code: 'INTERNAL_ERROR', word: 'refused' }]);
});
