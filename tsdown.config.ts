/**
 * One bundle a program, and nothing shared: the command line must load nothing of the daemon.
 *
 * CommonJS, because Node 20 starts it several milliseconds sooner than a module. What the command
 * line imports with `import()` becomes a file of its own: a call reads 15 KB instead of 50, and is
 * 2 ms faster. `onlyBundle` is a gate: a package that is not named there fails the build, so nothing
 * slow slips into the command line by way of somebody's import. What stays outside the bundles is a
 * dependency of the published package.
 */
import { defineConfig, type UserConfig } from 'tsdown';

const program = {
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  dts: false,
  hash: false,
  // The one would delete what the other has just written; see below for what must go.
  clean: false,
  report: false,
  checks: { legacyCjs: false },
} satisfies UserConfig;

export default defineConfig([
  {
    ...program,
    name: 'pilotty',
    entry: { pilotty: 'apps/cli/src/main.ts' },
    minify: true,
    // A command that is no more.
    clean: ['dist/pilotty', 'dist/pilotty-daemon'],
    outputOptions: { chunkFileNames: 'pilotty/[name].cjs' },
    deps: { alwaysBundle: [/^@pilotty\//], onlyBundle: [] },
  },
  {
    ...program,
    name: 'pilotty-daemon',
    entry: { 'pilotty-daemon': 'apps/daemon/src/main.ts' },
    outputOptions: { chunkFileNames: 'pilotty-daemon/[name].cjs' },
    deps: { alwaysBundle: [/^@pilotty\//], onlyBundle: false },
  },
  {
    ...program,
    name: 'pilotty-png-worker',
    entry: { 'pilotty-png-worker': 'packages/daemon/src/pictures/png-worker.ts' },
    outputOptions: { codeSplitting: false },
    copy: ['packages/terminal/fonts'],
    deps: { alwaysBundle: [/^@pilotty\//], onlyBundle: [] },
  },
]);
