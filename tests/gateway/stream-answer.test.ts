/** An answer in parts goes at the pace of its reader: with a daemon that has no end of parts. */
import { expect, test } from 'vitest';
import type { Access } from '../../apps/gateway/src/access/access.ts';
import { createApp } from '../../apps/gateway/src/app.ts';
import type { DaemonLink } from '../../apps/gateway/src/daemon-link.ts';
import type { DaemonRpc } from '../../apps/gateway/src/routes/route.ts';
import { until } from '../harness/until.ts';

class Endless implements DaemonRpc {
  readonly signal = new AbortController().signal;
  parts = 0;
  isClosed = false;

  async request<T>(_method: string, _params: object, onEvent?: (event: never) => unknown): Promise<T> {
    while (!this.isClosed) {
      this.parts += 1;
      await onEvent?.({ part: this.parts } as never);
    }
    throw new Error('closed');
  }

  surroundings(): never {
    throw new Error('it starts nothing');
  }

  close(): void {
    this.isClosed = true;
  }
}

const open = { checkFrom() {}, checkToken() {}, corsOrigin() {} } as unknown as Access;

async function answerOf(daemon: DaemonRpc): Promise<Response> {
  const link = { use: (_signal: unknown, answer: (daemon: DaemonRpc) => unknown) => answer(daemon) };
  const app = createApp({
    access: open,
    daemon: link as unknown as DaemonLink,
    page: new Map(),
    basePath: '',
    env: {},
  });
  return await app.request('/rpc/session.view', { method: 'POST' }, { incoming: {} });
}

test('a reader that takes nothing is sent a few parts, and one that takes some a few more', async () => {
  const daemon = new Endless();
  const { body, headers } = await answerOf(daemon);
  expect(headers.get('content-type')).toBe('application/x-ndjson');
  const reader = (body as ReadableStream<Uint8Array>).getReader();
  const settled = async () => {
    for (let turns = 0; turns < 100; turns++) await new Promise(setImmediate);
    return daemon.parts;
  };
  expect(await settled()).toBeLessThan(6);
  for (let part = 1; part <= 100; part++) {
    const { value } = await reader.read();
    expect(Buffer.from(value ?? []).toString()).toBe(`{"event":{"part":${part}}}\n`);
  }
  expect(await settled()).toBeLessThan(106);
  await reader.cancel();
  await until('the request to be given up', () => daemon.isClosed);
});
