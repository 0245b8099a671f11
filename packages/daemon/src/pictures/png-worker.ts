/** The thread in which pictures are drawn: some hundred milliseconds that no session must wait for. */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { parentPort } from 'node:worker_threads';
import { fontFiles, rasterizerFile, renderPng } from '@pilotty/terminal';
import type { PngJob } from './png-drawer.ts';

/** The build puts the fonts beside this file. */
const assets = {
  wasm: fs.readFileSync(createRequire(import.meta.url).resolve(rasterizerFile)),
  fonts: fontFiles.map((name) => fs.readFileSync(path.join(import.meta.dirname, 'fonts', name))),
};

parentPort?.on('message', ({ picture, theme }: PngJob) => {
  renderPng(picture, assets, { theme }).then(
    (png) => parentPort?.postMessage({ png }),
    (error: unknown) => parentPort?.postMessage({ problem: String(error) }),
  );
});
