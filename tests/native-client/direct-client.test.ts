/** Requests of a command that runs inside the daemon: what is logged of them. */
import { expect, test } from 'vitest';
import { DirectClient } from '../../apps/daemon/src/direct-client.ts';
import type { Client } from '../../packages/client/src/index.ts';
import { type Answering, type Log, RequestError } from '../../packages/daemon/src/index.ts';
import { AnnouncerToAll } from '../../packages/daemon/src/until.ts';

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

test('after an upgrade a request goes on elsewhere, behind what was given out, and so does what is asked next', async () => {
  const handedOver = new AnnouncerToAll();
  const seen: string[] = [];
  const answer: Answering['answer'] = async (_, __, call) => {
    call.continuation = () => ({ method: 'session.output', params: { session: 'a', since: 3 } });
    await call.emit({ output: 'one', next_offset: 3 });
    await new Promise<void>((resolve) => call.whenOver(resolve));
    // What it holds back is given out there.
    await call.emit({ output: 'held', next_offset: 4 });
  };
  const log = { isLevelEnabled: () => false } as unknown as Log;
  let take = () => {};
  const taking = new Promise<void>((resolve) => {
    take = resolve;
  });
  const successor: Client = {
    async request(method, params, { onEvent } = {}) {
      seen.push(`${method} ${JSON.stringify(params)}`);
      await onEvent?.({ output: 'two', next_offset: 6 } as never);
      return { type: 'output' } as never;
    },
    disconnected: () => new Promise(() => {}),
    close: () => void seen.push('closed'),
  };
  const daemon = { answer, handedOver } as unknown as Answering;
  const client = new DirectClient(daemon, log, { successor: () => successor });
  const asked = client.request(
    'session.output',
    { session: 'a', follow: true },
    {
      onEvent: async ({ output = '' }) => {
        if (output === 'one') await taking;
        seen.push(output);
      },
    },
  );
  await new Promise((resolve) => setImmediate(resolve));
  handedOver.announce();
  await new Promise((resolve) => setImmediate(resolve));
  expect(seen).toEqual([]);
  take();
  expect(await asked).toEqual({ type: 'output' });
  await client.request('session.list', {});
  client.close();
  expect(seen).toEqual([
    'one',
    'session.output {"session":"a","since":3}',
    'two',
    'session.list {}',
    'closed',
  ]);
});
