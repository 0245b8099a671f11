/** Output lies in blocks that are used again: what is read of it is what came, however much has come since. */
import { expect, test } from 'vitest';
import { OutputQueue } from '../../packages/daemon/src/pty/output-queue.ts';
import { Retention } from '../../packages/daemon/src/pty/retention.ts';
import { randomNumbers } from '../terminal/random-stream.ts';

const random = randomNumbers(29);

function randomBytes(most: number): Buffer {
  const bytes = Buffer.alloc(1 + Math.floor(random() * most));
  for (let at = 0; at < bytes.length; at++) bytes[at] = Math.floor(random() * 256);
  return bytes;
}

test.for([1, 5000, 70_000, 300_000])('the last %i bytes are retained as they came', (limit) => {
  const retention = new Retention(limit, { cols: 80, rows: 24 });
  let all = Buffer.alloc(0);
  for (let count = 0; count < 200; count++) {
    const bytes = randomBytes(6000);
    retention.append(bytes);
    all = Buffer.concat([all, bytes]);
    if (count % 20 > 0) continue;
    const kept = all.subarray(Math.max(0, all.length - limit));
    expect(retention.read(0, all.length).equals(kept)).toBe(true);
  }
});

test('what waits is what came, in its order and with its numbers, whoever else waits', () => {
  const queues = Array.from({ length: 6 }, () => ({
    queue: new OutputQueue(),
    came: [] as { seq: number; bytes: Buffer }[],
    seq: 0,
  }));
  for (let step = 0; step < 3000; step++) {
    const one = queues[Math.floor(random() * queues.length)] as (typeof queues)[0];
    const { queue, came } = one;
    if (random() < 0.4) {
      const bytes = randomBytes(random() < 0.1 ? 100_000 : 4096);
      queue.push(++one.seq, bytes);
      came.push({ seq: one.seq, bytes: Buffer.from(bytes) });
      // Whoever reads to one place reads the next to it.
      bytes.fill(0);
      continue;
    }
    const peeked = queue.peek(1 + Math.floor(random() * 5000));
    const [oldest] = came;
    expect(queue.nextSeq).toBe(oldest?.seq);
    if (peeked === undefined || oldest === undefined) continue;
    expect(peeked.equals(oldest.bytes.subarray(0, peeked.length))).toBe(true);
    queue.drop(peeked.length);
    oldest.bytes = oldest.bytes.subarray(peeked.length);
    if (oldest.bytes.length === 0) came.shift();
    expect(queue.bytes).toBe(came.reduce((sum, { bytes }) => sum + bytes.length, 0));
  }
});
