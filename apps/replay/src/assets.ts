/** What the rasterizer needs; the build puts the fonts beside this program. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fontFiles, type PngAssets, rasterizerFile } from '@pilotty/terminal';

let assets: PngAssets | undefined;

export function pngAssets(): PngAssets {
  assets ??= {
    wasm: readFileSync(createRequire(import.meta.url).resolve(rasterizerFile)),
    fonts: fontFiles.map((name) => readFileSync(join(import.meta.dirname, 'fonts', name))),
  };
  return assets;
}
