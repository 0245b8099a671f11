/**
 * The way of a TypeScript program: `import 'pilotty'`. A call is one method that is awaited; its bytes are those of the
 * members of its answer that the program reads, as `--fields` of the command prints them.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Pilotty, Session } from '../../packages/sdk/src/index.ts';
import type { Place } from '../bench/place.ts';
import { codedTasks } from './coded-tasks.ts';
import type { Cost } from './faces.ts';

/** The program of one task. @throws when an answer is not what it must be */
export type SdkTask = (pilotty: Pilotty) => Promise<void>;

export async function costBySdk(name: string, dist: string, place: Place): Promise<Cost> {
  const task = codedTasks[name]?.sdk;
  if (task === undefined) throw new Error(`${name} has no sdk.ts`);
  const sdk: typeof import('../../packages/sdk/src/index.ts') = await import(
    pathToFileURL(join(dist, 'sdk/index.mjs')).href
  );
  const pilotty = await sdk.connect({ socketDir: place.socketDir, start: false });
  const cost = { calls: 0, bytes: 0, receivedBytes: 0 };
  try {
    const began = performance.now();
    await task(countedPilotty(pilotty, place, cost));
    return { ...cost, wallMs: performance.now() - began };
  } finally {
    await pilotty.close();
  }
}

type Counts = Pick<Cost, 'calls' | 'bytes'> & { receivedBytes: number };

/** Programs start where the task is done, not where this process runs. */
function countedPilotty(pilotty: Pilotty, { env }: Place, counts: Counts): Pilotty {
  const spawn: Pilotty['spawn'] = async (argv, params, options) => {
    const inPlace = { cwd: env.HOME, env, clean_env: true, ...params };
    const session = await pilotty.spawn(argv, inPlace, options);
    received(session.created, counts);
    return counted<Session>(session, counts);
  };
  return counted(pilotty, counts, { spawn });
}

/** The same object; methods that return a promise are counted, and what they answer. */
function counted<T extends object>(target: T, counts: Counts, instead: Partial<T> = {}): T {
  return new Proxy(target, {
    get(_, key) {
      if (key === 'created') return read(Reflect.get(target, key, target), counts);
      if (Object.hasOwn(instead, key)) return Reflect.get(instead, key);
      const member = Reflect.get(target, key, target);
      if (typeof member !== 'function') return member;
      return (...given: unknown[]) => {
        const answer = Reflect.apply(member, target, given);
        // A locator, or a session that is only named: nothing is asked yet.
        if (!(answer instanceof Promise)) return counted(answer, counts);
        return answer.then((result) => {
          received(result, counts);
          return read(result, counts);
        });
      };
    },
  });
}

function received(result: unknown, counts: Counts): void {
  counts.calls += 1;
  counts.receivedBytes += sizeOf(result);
}

/** An answer that notes what is read of it. */
function read(answer: unknown, counts: Counts): unknown {
  if (typeof answer !== 'object' || answer === null) {
    counts.bytes += sizeOf(answer);
    return answer;
  }
  return new Proxy(answer, {
    get(target, key) {
      const member = Reflect.get(target, key, target);
      // Methods and length of an array are no part of the answer.
      if (typeof member === 'function' || !Object.prototype.propertyIsEnumerable.call(target, key)) {
        return member;
      }
      return read(member, counts);
    },
  });
}

function sizeOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? '');
}
