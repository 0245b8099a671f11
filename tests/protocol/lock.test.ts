/** The lock of a directory: every interleaving of processes that take, break and release it. */
import { expect, test } from 'vitest';
import { type LockSystem, takeLock } from '../../packages/protocol/src/index.ts';
import { explore, type State, type Step } from './interleavings.ts';

const LOCK = '/d/lock';
/** The steps between taking the lock and releasing it. */
const OWNING = 'owning';

function failure(code: string): Error {
  return Object.assign(new Error(code), { code });
}

/** What process `index` sees of the world. */
function systemOf(index: number, step: Step): LockSystem {
  let nonces = 0;
  return {
    self: { pid: index + 1, startedAt: 'then' },
    isAlive: ({ pid }) => step('isAlive', ({ isAlive }) => isAlive[pid - 1] ?? false),
    nonce: () => `${'abcdef'[index]}${nonces++}`,
    files: {
      writeFileSync: (path, text) =>
        step(`write ${path}`, ({ files }) => {
          files.set(path, text);
        }),
      linkSync: (existing, path) =>
        step(`link ${path}`, ({ files }) => {
          if (files.has(path)) throw failure('EEXIST');
          files.set(path, files.get(existing) ?? '');
        }),
      readFileSync: (path) =>
        step(`read ${path}`, ({ files }) => {
          const text = files.get(path);
          if (text === undefined) throw failure('ENOENT');
          return text;
        }),
      rmSync: (path) =>
        step(`remove ${path}`, ({ files }) => {
          files.delete(path);
        }),
    },
  };
}

/** Takes the lock, owns it for a step, and releases it. */
function owner(index: number): (step: Step) => string {
  return (step) => {
    const lock = takeLock(LOCK, systemOf(index, step));
    if ('heldBy' in lock) return `held by ${lock.heldBy}`;
    step(OWNING, () => {});
    lock.release();
    return 'owned';
  };
}

function checkOneOwner({ next, files }: State): void {
  const owners = next.filter((step) => step === OWNING);
  if (owners.length > 1) throw new Error(`${owners.length} owners of ${JSON.stringify([...files])}`);
}

/** Nothing goes on any more: the lock can be taken by the next process, and what is left belongs to the killed. */
function checkEnd(state: State): void {
  if (state.next.some((step) => step !== undefined)) return;
  const { files, isAlive, returned, killed } = state;
  if (killed === 0) {
    expect([...files.keys()]).toEqual([]);
    expect(returned).toContain('owned');
  }
  const world = { files: new Map(files), isAlive: [...isAlive, true] };
  const last = takeLock(
    LOCK,
    systemOf(isAlive.length, (_name, act) => act(world)),
  );
  expect(last).toHaveProperty('release');
}

const dead = JSON.stringify({ pid: 77, startedAt: 'long ago', nonce: 'dd' });

test.for([
  ['nothing', {}, 2, 1],
  ['nothing, with three', {}, 3, 0],
  ["a dead process's lock", { [LOCK]: dead }, 2, 1],
  ["a dead process's lock and its breaker's", { [LOCK]: dead, [`${LOCK}.dd`]: dead }, 2, 0],
  ['something that is no lock', { [LOCK]: 'null' }, 2, 1],
] as const)(
  'in every order of their steps one process at most owns the lock: %s there before',
  ([, files, count, maxKills]) => {
    const processes = Array.from({ length: count }, (_, index) => owner(index));
    const states = explore(files, processes, maxKills, (state) => {
      checkOneOwner(state);
      checkEnd(state);
    });
    expect(states).toBeGreaterThan(100);
  },
);
