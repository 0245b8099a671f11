/** What floods are compared with has to notice their end, or the comparison never ends. */
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runFile } from '../harness/run-file.ts';

const BARE_READER = fileURLToPath(new URL('programs/bare-reader.cjs', import.meta.url));
const READING = { timeout: 30_000 };

function read(script: string): Promise<{ stdout: string }> {
  return runFile(process.execPath, [BARE_READER, 'over-now', 'sh', '-c', script], READING);
}

test('it ends where its mark comes in two reads', async () => {
  const { stdout } = await read("printf 'flood over-'; sleep 0.3; printf now; exec sleep 1000");
  expect(stdout).toMatch(/^[\d.]+ [\d.]+$/);
});

test('it fails where its program ends without the mark', async () => {
  await expect(read('echo flood')).rejects.toThrow("'sh' has ended without printing 'over-now'");
});
