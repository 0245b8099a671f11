/**
 * The web page's files, as the build made them. What is served is what was there at the start, found by its
 * whole path: nothing of a request ever becomes the name of a file.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
  '.json': 'application/json',
};

/** Their names contain a hash of their content. */
const UNCHANGING = /^assets\//;

const NO_PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>pilotty</title>
<p>This build has no page. <a href="docs">HTTP API</a>.</html>`;

export interface PageFile {
  bytes: Buffer;
  /** The same, compressed by the build. */
  brotli?: Buffer | undefined;
  type: string;
  cacheControl: string;
}

/** By their paths below the page's root, '' being the page itself. */
export function readPage(directory: string): ReadonlyMap<string, PageFile> {
  const files = new Map<string, PageFile>();
  const names = existsSync(directory) ? readdirSync(directory, { recursive: true, encoding: 'utf8' }) : [];
  const compressed = (path: string) => (existsSync(path) ? readFileSync(path) : undefined);
  for (const name of names.filter((each) => statSync(join(directory, each)).isFile())) {
    if (name.endsWith('.br')) continue;
    const path = relative('.', name).split(sep).join('/');
    files.set(path, {
      bytes: readFileSync(join(directory, name)),
      brotli: compressed(`${join(directory, name)}.br`),
      type: TYPES[extname(name)] ?? 'application/octet-stream',
      cacheControl: UNCHANGING.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache',
    });
  }
  const page = files.get('index.html') ?? {
    bytes: Buffer.from(NO_PAGE),
    type: 'text/html; charset=utf-8',
    cacheControl: 'no-cache',
  };
  return files.set('', page);
}
