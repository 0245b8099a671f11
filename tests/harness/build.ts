/**
 * Builds the programs once for a whole run, into a directory of this run's own: two runs in one
 * checkout, or a build beside a run, never see each other's half-written files. The directory lies
 * in node_modules, so that the bundles find their packages.
 */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'tsdown';
import { build as buildPage } from 'vite';
import type { TestProject } from 'vitest/node';
import { buildNativeClient } from '../../apps/native-client/build.mjs';
import { leaveSnapshotIn } from './startup-snapshot.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /**
     * Where this run's pilotty.cjs, pilotty-daemon.cjs and the page are, or why there are none;
     * and why there is no native client beside them.
     */
    build: { directory: string; withoutNative: string | undefined } | { problem: string };
  }
}

export async function setup(project: TestProject): Promise<() => void> {
  const runs = join(project.config.root, 'node_modules/.cache/pilotty-tests');
  const dist = join(runs, String(process.pid));
  removeAbandoned(runs);
  // A build that fails fails the tests that run a program, not those of a package.
  const buildPrograms = async () => {
    try {
      // Declarations take longer than all the rest, and tsc checks the sources.
      await build({ outDir: dist, clean: false, dts: false, logLevel: 'error' });
      const page = join(project.config.root, 'apps/web');
      await asShipped(() =>
        buildPage({ root: page, build: { outDir: join(dist, 'web') }, logLevel: 'error' }),
      );
      const withoutNative = buildNativeClient(dist);
      // Most daemons of users are started from one.
      await leaveSnapshotIn(dist);
      project.provide('build', { directory: dist, withoutNative });
    } catch (error) {
      project.provide('build', { problem: String(error) });
    }
  };
  await buildPrograms();
  project.onTestsRerun(buildPrograms);
  return () => rmSync(dist, { recursive: true, force: true });
}

/** What a run left that was killed before its end. */
function removeAbandoned(runs: string): void {
  for (const pid of directoryEntries(runs)) {
    if (!isRunning(Number(pid))) rmSync(join(runs, pid), { recursive: true, force: true });
  }
}

function directoryEntries(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    // The first run in this checkout.
    return [];
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** vitest sets NODE_ENV, by which Vite would build a page for developers: larger, and another than users get. */
async function asShipped(buildIt: () => Promise<unknown>): Promise<void> {
  const before = process.env.NODE_ENV;
  process.env.NODE_ENV = 'production';
  try {
    await buildIt();
  } finally {
    process.env.NODE_ENV = before;
  }
}
