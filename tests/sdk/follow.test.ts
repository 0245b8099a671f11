/** What the iterator does between two connections. */
import { afterEach, expect, test, vi } from 'vitest';
import { errorOf } from '../../packages/sdk/src/errors.ts';
import { Follow } from '../../packages/sdk/src/follow.ts';

afterEach(() => {
  vi.useRealTimers();
});

test('a loop that waits to connect again ends with the client, at once', async () => {
  // Nothing that waits for a time goes on.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const closing = new AbortController();
  let runs = 0;
  const follow = new Follow<string>(
    {
      async run() {
        runs += 1;
        throw errorOf('DAEMON_UNREACHABLE', closing.signal.aborted ? 'closed' : 'broken');
      },
      close: () => {},
      holdsBack: true,
      resumes: true,
      closed: closing.signal,
    },
    undefined,
  );
  const outcome = follow.next().catch((error: Error) => error.message);
  while (vi.getTimerCount() === 0) await Promise.resolve();
  expect(runs).toBe(1);
  closing.abort();
  expect(await outcome).toBe('closed');
  expect(vi.getTimerCount()).toBe(0);
  // The second request is refused, which says why.
  expect(runs).toBe(2);
});
