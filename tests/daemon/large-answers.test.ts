/** Answers that are long to make, and those that are too long to send. */
import { expect } from 'vitest';
import { type Pilotty, test } from '../harness/pilotty.ts';
import { program } from '../harness/programs.ts';

/** A session named 'large' that is full of cells each of which is rendered by itself. */
async function colourful(
  pilotty: Pilotty,
  size: { cols: number; rows: number },
  addressLength = 0,
): Promise<void> {
  const words = [size.cols, size.rows + 10, addressLength].map(String);
  await pilotty.spawn('large', program('colourful.mjs', ...words), { size });
  await pilotty.client.request('session.wait', { session: 'large', title: 'full', timeout_ms: 50_000 });
}

test('a screen that takes long to render is rendered while others are served, and does not change meanwhile', async ({
  pilotty,
}) => {
  await colourful(pilotty, { cols: 1000, rows: 250 });
  await pilotty.spawn('quiet', ['cat']);
  let isDone = false;
  const html = pilotty.client
    .request('session.snapshot', { session: 'large', format: 'html' })
    .finally(() => {
      isDone = true;
    });
  let served = 0;
  while (!isDone) {
    await pilotty.client.request('session.snapshot', { session: 'quiet' });
    if (!isDone) served += 1;
  }
  // Rendered at one go, none was.
  expect(served).toBeGreaterThan(3);
  const { text = '', seq } = await html;
  expect(text.match(/<span/g)?.length).toBeGreaterThan(200_000);
  expect(seq).toBeGreaterThan(0);
});

test('an answer that is too long to send is refused with what to do, and the connection stays', async ({
  pilotty,
}) => {
  await colourful(pilotty, { cols: 300, rows: 120 }, 1900);
  const { client } = pilotty;
  const looks = [
    { format: 'html' },
    { format: 'svg' },
    { format: 'ansi' },
    { format: 'full', styles: true },
  ] as const;
  for (const look of looks) {
    const refused = client.request('session.snapshot', { session: 'large', ...look });
    await expect(refused, look.format).rejects.toMatchObject({
      code: 'LIMIT_REACHED',
      message: expect.stringContaining('32 MiB'),
      suggestion: expect.stringContaining('--scrollback'),
    });
  }
  const { scrollback_lines, text } = await client.request('session.snapshot', {
    session: 'large',
    rows: { first: 0, last: 1, from: 'oldest' },
  });
  expect(scrollback_lines).toBe(10);
  expect(text?.split('\n')).toHaveLength(2);
});
