/** More pictures than may wait to be drawn. */
import { setMaxListeners } from 'node:events';
import { expect } from 'vitest';
import { MAX_PICTURES } from '../../packages/daemon/src/limits.ts';
import { test } from '../harness/pilotty.ts';
import { until } from '../harness/until.ts';

test('an act whose picture is refused, because too many wait, says that it was done', async ({ pilotty }) => {
  const { client } = pilotty;
  // Each takes seconds to draw, and few of them have as many cells as may wait.
  const session = await pilotty.spawn('pictured', ['cat'], { size: { cols: 400, rows: 250 } });
  const leave = new AbortController();
  setMaxListeners(0, leave.signal);
  const outcomes: string[] = [];
  const asked = Array.from({ length: MAX_PICTURES }, () =>
    client.request('session.snapshot', { session, format: 'png' }, { signal: leave.signal }).then(
      () => outcomes.push('drawn'),
      ({ code }: { code: string }) => outcomes.push(code),
    ),
  );
  await until('more than may wait to be asked for', () => outcomes.includes('LIMIT_REACHED'));
  const act = { session, text: 'typed', snapshot: { format: 'png' as const } };
  await expect(client.request('session.type', act)).rejects.toMatchObject({
    code: 'LIMIT_REACHED',
    message: expect.stringContaining("What was asked of session 'pictured' was done"),
    details: { sent_bytes: 5 },
  });
  const { text } = await client.request('session.snapshot', { session });
  expect(text).toContain('typed');
  leave.abort();
  await Promise.all(asked);
});
