/** The page as the build made it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { builtProgram } from '../harness/pilotty.ts';

const MAX_COMPRESSED_BYTES = 300_000;

test('the whole page has less than 300 kB compressed', () => {
  const sizes = paths().map((path) => gzipSync(readFileSync(path)).length);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MAX_COMPRESSED_BYTES);
});

test('nothing stands in the page that its policy would have to allow by name', () => {
  const html = read('index.html');
  expect(html.match(/<style|style=|<script(?![^>]*\bsrc=)|\son\w+=|https?:/g)).toBe(null);
});

test('the licences of all that is bundled are with it', () => {
  const licences = read('licenses.md');
  for (const name of ['@preact/signals', '@xterm/xterm', '@xterm/addon-webgl', 'preact']) {
    expect(licences).toContain(name);
  }
});

function paths(): string[] {
  return readdirSync(builtProgram('web'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function read(name: string): string {
  return readFileSync(join(builtProgram('web'), name), 'utf8');
}
