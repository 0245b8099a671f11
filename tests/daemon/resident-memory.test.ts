/** What a daemon takes of the machine's memory, as the kernel counts it: the built program, with real programs. */
import { expect } from 'vitest';
import { test } from '../harness/pilotty.ts';

const SESSIONS = 100;
/** 0.28 to 0.32 MB as measured; 0.48 where V8's room for young objects grows with the sessions. */
const MAX_SESSION_BYTES = 400 * 1024;

test('idle sessions take little memory each', async ({ pilotty }) => {
  const resident = async () => (await pilotty.client.request('daemon.info', {})).memory_bytes;
  // What the first ones need is loaded once.
  await pilotty.spawn('first', ['cat']);
  const before = await resident();
  for (let number = 0; number < SESSIONS; number++) await pilotty.spawn(`idle-${number}`, ['cat']);
  expect(((await resident()) - before) / SESSIONS).toBeLessThan(MAX_SESSION_BYTES);
});
