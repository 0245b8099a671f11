/** What a startup snapshot has in it was loaded by another process, so nothing of it may have looked at that one. */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import vm from 'node:vm';
import { expect, test } from 'vitest';
import { builtProgram } from '../harness/pilotty.ts';

/** The same for each process that Node lets take the snapshot. */
const SAME = ['process.arch', 'process.platform', 'process.version', 'process.versions'];
/** What pino begins with, once each, where it is not told as our log tells it (packages/daemon/src/log.ts). */
const OF_PINO = ['Date.now', 'os.hostname', 'process.pid'];
/** They compute, or say what there is. */
const IGNORED = [
  'fs.constants',
  'os.constants',
  'process.emitWarning',
  'process.nextTick',
  'process.binding',
];

test('what is loaded for the first session looks at nothing of its process: no clock, file, word or variable', async () => {
  const { seen, parts } = await loadWatched();
  expect(parts).toEqual(
    expect.arrayContaining(['main.cjs', 'remote-command.cjs', 'serving.cjs', 'spawn.cjs']),
  );
  expect(seen.filter((what) => !SAME.includes(what))).toEqual(OF_PINO);
});

/** Runs the builder of snapshots in a context whose globals and modules note who of the daemon's files uses them. */
async function loadWatched(): Promise<{ seen: string[]; parts: string[] }> {
  const builder = builtProgram('pilotty-daemon/startup.cjs');
  const files = builder.slice(0, -'startup.cjs'.length);
  const seen: string[] = [];
  const parts = new Set<string>();
  const note = (what: string) => {
    const frames = new Error().stack?.split('\n').filter((line) => line.includes('pilotty-daemon')) ?? [];
    const [innermost = ''] = frames;
    if (innermost.includes(files) && !innermost.includes(builder) && !IGNORED.includes(what)) seen.push(what);
  };
  const watched = <T extends object>(name: string, target: T): T =>
    new Proxy(target, {
      get(of, member) {
        const value = Reflect.get(of, member);
        if (typeof member === 'symbol' || member === 'prototype') return value;
        if (typeof value !== 'function') note(`${name}.${member}`);
        return typeof value === 'function' ? called(`${name}.${member}`, value, of) : value;
      },
    });
  const called = (name: string, value: object, of: object) =>
    new Proxy(value, {
      apply(callee, self, given) {
        note(name);
        const own = typeof self === 'object' && self !== null && Object.hasOwn(of, 'constructor') ? self : of;
        return Reflect.apply(callee as never, own, given);
      },
    });
  const made = (name: string) => () => note(name);
  class WatchedDate extends Date {
    constructor(...given: []) {
      super(...given);
      if (given.length === 0) note('new Date');
    }
    static override now(): number {
      note('Date.now');
      return Date.now();
    }
  }
  const require = createRequire(builder);
  const context = vm.createContext({
    ...Object.fromEntries(
      Object.getOwnPropertyNames(globalThis)
        .filter((name) =>
          /^(?:Abort|Buffer|Event|Text|URL|atob|btoa|console|queueMicrotask|structuredClone)/.test(name),
        )
        .map((name) => [name, Reflect.get(globalThis, name)]),
    ),
    process: watched(
      'process',
      Object.assign(Object.create(process), {
        argv: [process.execPath, builder],
        execArgv: ['--build-snapshot'],
      }),
    ),
    performance: watched('performance', performance),
    Date: WatchedDate,
    setTimeout: made('setTimeout'),
    setInterval: made('setInterval'),
    setImmediate: made('setImmediate'),
  });
  const modules: Record<string, unknown> = {
    fs: watched('fs', fs),
    os: watched('os', os),
    v8: { setFlagsFromString() {}, startupSnapshot: { setDeserializeMainFunction() {} } },
    vm: {
      Script: class extends vm.Script {
        constructor(code: string, { filename }: { filename: string }) {
          super(code, { filename });
          if (filename.startsWith(files)) parts.add(filename.slice(files.length));
        }
        override runInThisContext(): unknown {
          return this.runInContext(context);
        }
      },
    },
  };
  const requireWatched = (id: string): unknown => modules[id.replace('node:', '')] ?? require(id);
  const code = `(function (require, __filename, __dirname) {${fs.readFileSync(builder, 'utf8').replace('void ofLauncher', 'return ofLauncher')}\n})`;
  const run = new vm.Script(code, { filename: builder }).runInContext(context);
  await run(requireWatched, builder, files.slice(0, -1));
  return { seen: seen.sort(), parts: [...parts].sort() };
}
