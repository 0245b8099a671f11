/**
 * What vitest, Jest and node:test let a library know: the file and the name of the test that runs, and whether goldens
 * are to be written. Where they do not, the stack of the caller says the file.
 */
import { fileURLToPath } from 'node:url';

/** `all`: every golden anew; `new`: those that there are not yet; `none`: one that is missing is a failure. */
export type Updates = 'all' | 'new' | 'none';

interface ExpectState {
  testPath?: string;
  currentTestName?: string;
  snapshotState?: { _updateSnapshot?: Updates };
}

/** Where vitest has its expect, whatever `globals` says; Jest's is global. */
const VITEST_EXPECT = Symbol.for('expect-global');

function expectState(): ExpectState {
  const places = globalThis as { [VITEST_EXPECT]?: unknown; expect?: unknown };
  const expect = (places[VITEST_EXPECT] ?? places.expect) as { getState?: () => ExpectState } | undefined;
  return expect?.getState?.() ?? {};
}

export function testName(): string | undefined {
  return expectState().currentTestName?.replaceAll(' > ', ' ');
}

export function updates(env: NodeJS.ProcessEnv = process.env): Updates {
  if (/^(1|all|true)$/.test(env.PILOTTY_UPDATE_SCREENS ?? '')) return 'all';
  const wanted = expectState().snapshotState?._updateSnapshot;
  if (wanted === 'all' || process.execArgv.includes('--test-update-snapshots')) return 'all';
  if (wanted === 'none') return 'none';
  return env.CI && env.CI !== 'false' ? 'none' : 'new';
}

/** The file of the test: what the runner says, or who has called. */
export function testFile(stack: string): string | undefined {
  return (
    expectState().testPath ??
    framesOf(stack)
      .map(fileOf)
      .find((file) => file !== undefined)
  );
}

/** Lines of a stack that are the user's own. */
export function framesOf(stack: string): string[] {
  return stack
    .split('\n')
    .filter((line) => /^\s*at /.test(line))
    .filter((line) => !isOurs(line));
}

function isOurs(line: string): boolean {
  return line.includes(import.meta.dirname) || /\bnode:|[\\/]node_modules[\\/]/.test(line);
}

function fileOf(line: string): string | undefined {
  const [, place] = /((?:file:\/\/)?\/.+?):\d+:\d+\)?$/.exec(line) ?? [];
  return place?.startsWith('file:') ? fileURLToPath(place) : place;
}
