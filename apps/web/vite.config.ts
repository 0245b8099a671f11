/** The page as files: everything from the server that serves it, at whatever path it lies. */
import { defineConfig } from 'vite';

export default defineConfig({
  // Relative, because the gateway may serve below a path.
  base: './',
  publicDir: 'public',
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
