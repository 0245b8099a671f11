/** The page as files: everything from the server that serves it, at whatever path it lies. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

/** What is worth it: pictures and fonts are compressed already. */
const COMPRESSED = /\.(?:html|js|css|svg|json|webmanifest|md)$/;

/** Beside each file the same as brotli, at the quality that is too slow for a server that answers. */
const precompressed: Plugin = {
  name: 'precompressed',
  writeBundle: {
    order: 'post',
    handler({ dir = '' }, bundle) {
      for (const name of Object.keys(bundle).filter((each) => COMPRESSED.test(each))) {
        const bytes = readFileSync(join(dir, name));
        const params = {
          [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
          [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
        };
        writeFileSync(join(dir, `${name}.br`), brotliCompressSync(bytes, { params }));
      }
    },
  },
};

export default defineConfig({
  // Relative, because the gateway may serve below a path.
  base: './',
  publicDir: 'public',
  plugins: [precompressed],
  build: {
    outDir: '../../dist/web',
    emptyOutDir: true,
    target: 'es2023',
    // Inlined as data: addresses, assets would need a wider content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    license: { fileName: 'licenses.md' },
  },
});
