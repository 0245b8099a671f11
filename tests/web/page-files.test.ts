/** The page as the build made it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { builtProgram } from '../harness/pilotty.ts';

/** In docs/web.md: what a browser is sent before the first session is opened, and in all. */
const PROMISE = /(\d+) kB before the first session is opened and (\d+) kB in all/;

test('the page is no larger than its documentation says, as a browser is sent it', () => {
  const docs = readFileSync(new URL('../../docs/web.md', import.meta.url), 'utf8');
  const [, first = 0, all = 0] = PROMISE.exec(docs) ?? [];
  const sizeOf = (names: readonly string[]) =>
    names
      .map((name) => readFileSync(join(builtProgram('web'), `${name}.br`)).length)
      .reduce((sum, size) => sum + size, 0);
  const atOnce = [...read('index.html').matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/g)].map(
    ([, name = '']) => name,
  );
  expect(atOnce.length).toBeGreaterThan(1);
  expect(sizeOf(['index.html', ...atOnce]) / 1000).toBeLessThan(Number(first));
  const assets = readdirSync(join(builtProgram('web'), 'assets')).filter((name) =>
    /\.(?:js|css)$/.test(name),
  );
  expect(sizeOf(['index.html', ...assets.map((name) => `assets/${name}`)]) / 1000).toBeLessThan(Number(all));
});

test('what is compressed is the file beside it', () => {
  const compressed = paths().filter((path) => path.endsWith('.br'));
  expect(compressed.length).toBeGreaterThan(3);
  for (const path of compressed)
    expect(brotliDecompressSync(readFileSync(path)).equals(readFileSync(path.slice(0, -3))), path).toBe(true);
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
