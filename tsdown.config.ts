/**
 * One bundle a program, and nothing shared: the command line must load nothing of the daemon.
 *
 * CommonJS, because Node 20 starts it several milliseconds sooner than a module. What the command
 * line imports with `import()` becomes a file of its own: a call reads the one it is about, if any. `onlyBundle` is a gate: a package that is not named there fails the build, so nothing
 * slow slips into the command line by way of somebody's import. What stays outside the bundles is a
 * dependency of the published package.
 */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig, type Rolldown, type UserConfig } from 'tsdown';
import { buildId } from './apps/native-client/build.mjs';

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

/**
 * commander asks for node:child_process as soon as it loads, for subcommands that are programs of
 * their own. We have none. What our own code imports lazily, to start the daemon, stays as it is.
 */
const commanderWithoutProcesses = {
  name: 'commander-without-processes',
  resolveId(id: string, importer: string | undefined) {
    const isCommander = importer?.includes('/node_modules/commander/') ?? false;
    return id === 'node:child_process' && isCommander ? '\0no-processes' : null;
  },
  load(id: string) {
    return id === '\0no-processes' ? 'export {};' : null;
  },
};

/** Its entry for Node asks for its parts in a way that no bundler follows; the one for bundlers is made of modules. */
const jsoncOfModules = {
  name: 'jsonc-of-modules',
  resolveId(id: string) {
    return id === 'jsonc-parser' ? join(process.cwd(), 'node_modules/jsonc-parser/lib/esm/main.js') : null;
  },
};

/**
 * A CommonJS module is wrapped in `((exports) => {…})`, in brackets, because V8 then compiles at once what is
 * about to be called. V8 does so for functions; the one in Node 20 reads such an arrow twice.
 */
const modulesReadOnce = {
  name: 'modules-read-once',
  renderChunk(code: string) {
    return code.replaceAll(/(?<=__commonJSMin\(\()\((\w*(?:, \w+)?)\) =>/g, 'function ($1)');
  },
};

/**
 * What is run at each start is one file: it is what the launcher starts from a code cache, and each further one would
 * be a third of a millisecond. The commands that are used most are in it, with what they share.
 */
const ofMostCommands = {
  name: 'main',
  test: /rolldown\/runtime|\/apps\/cli\/src\/(?:main|commands\/(?:key|send|snapshot|list-sessions|wait-for))\.ts$/,
};

/** The one part of the command that has a validator: loaded by the commands of projects, when they have begun. */
const ofProjects = { name: 'project', test: /\/packages\/project\/|\/node_modules\/(?:jsonc-parser|zod)\// };

/** Of the daemon, what it needs until clients can connect: one file as well. What answers them is another. */
const ofDaemonStart = { name: 'main', test: /rolldown\/runtime|\/apps\/daemon\/src\/main\.ts$/ };
const ofServing = { name: 'serving', test: /\/packages\/daemon\/src\/serving\.ts$/ };

/**
 * The bundler has a file of its own for the few functions that join modules, whatever file they are assigned to. What is
 * run at each start has them in it: finding a further file takes longer than reading it.
 */
const runtimeWithin: Rolldown.Plugin = {
  name: 'runtime-within',
  generateBundle(_, bundle) {
    const chunks = Object.values(bundle).filter((file) => file.type === 'chunk');
    const runtime = chunks.find(({ fileName }) => fileName.endsWith('/rolldown-runtime.cjs'));
    if (runtime === undefined) throw new Error('the bundler has no such file any more');
    const inline = `((exports)=>{${runtime.code.trim()}return exports})({})`;
    for (const chunk of chunks.filter(({ fileName }) => /\/(?:main|serving)\.cjs$/.test(fileName)))
      chunk.code = chunk.code.replace(/require\([`"]\.\/rolldown-runtime\.cjs[`"]\)/, () => inline);
  },
};

/**
 * What of Node starts processes and threads, and what finds packages, is loaded when it is first used: not for the first
 * command, which waits for all that is. So is node-pty, which a startup snapshot cannot have in it.
 */
const builtinsWhenUsed = {
  name: 'builtins-when-used',
  renderChunk(code: string) {
    return code.replace(
      /\b([\w$]+) = require\("(node:(?:child_process|worker_threads|module)|node-pty\/lib\/utils\.js)"\)/g,
      (_, name: string, builtin: string) => {
        const used = new Set(
          [...code.matchAll(new RegExp(`\\b${name}\\.(\\w+)`, 'g'))].map(([, member]) => member),
        );
        const members = [...used].map((member) => `get ${member}(){return require("${builtin}").${member}}`);
        return `${name} = {${members.join()}}`;
      },
    );
  },
};

/**
 * What a schema is described with is for the reference and for other faces. The daemon does without: to describe a schema
 * is to make it a second time, and it makes all of them while the first command waits.
 */
const schemasUndescribed = {
  name: 'schemas-undescribed',
  transform(code: string, id: string) {
    if (!id.endsWith('/zod/v4/classic/schemas.js')) return null;
    const undescribed = code.replace(/(\n +describe\(description\) \{)[^}]+\}[^}]+\}/, '$1 return this; }');
    if (undescribed === code) throw new Error('zod describes in another way now');
    return undescribed;
  },
};

/** The log is a file of ours: what pino has for threads that write, and for files of its own, is not loaded. */
const pinoWithoutThreads = {
  name: 'pino-without-threads',
  resolveId(id: string, importer: string | undefined) {
    if (!importer?.includes('/node_modules/pino/')) return null;
    if (id === 'worker_threads') return '\0main-thread';
    return id === './transport' || id === './lib/transport' || id === 'sonic-boom' ? '\0no-transport' : null;
  },
  load(id: string) {
    if (id === '\0main-thread') return 'module.exports = { isMainThread: true };';
    if (id !== '\0no-transport') return null;
    // A function with a prototype, because pino asks what is an instance of it.
    return "module.exports = function () { throw new Error('the log has a file of its own'); };";
  },
};

/**
 * The MCP server checks answers of people to forms with a validator of JSON schemas, which is half of its code. It has
 * no forms.
 */
const mcpWithoutForms = {
  name: 'mcp-without-forms',
  resolveId(id: string) {
    return id === '@modelcontextprotocol/server/_shims' ? '\0mcp-shims' : null;
  },
  load(id: string) {
    if (id !== '\0mcp-shims') return null;
    return `export { default as process } from 'node:process';
export class DefaultJsonSchemaValidator {
  getValidator() {
    throw new Error('this server has no forms');
  }
}`;
  },
};

/** What an MCP server needs to say what it offers is one file, with a code cache; its tools are loaded with the first call, and other hosts where one is meant. */
const ofEveryServer = {
  name: 'main',
  test: (id: string) => !OF_CALLS.test(id),
};
const OF_CALLS =
  /\/apps\/fleet\/src\/|\/packages\/(?:client\/src\/ssh\/|mcp\/src\/(?:tools\/|acting|checked-by|params|run-tool|tool\.)|project\/|protocol\/src\/(?:methods\/|schemas|conditions|look|process-limits|values))|\/node_modules\/jsonc-parser\//;

/** What of Node is imported later is required later: `import()` starts the loader of modules, which nothing else needs. */
const builtinsRequired = {
  name: 'builtins-required',
  renderChunk(code: string) {
    return code.replaceAll(
      /\bimport\((["'`]node:[\w/]+["'`])\)/g,
      (_, id: string) => `Promise.resolve().then(()=>require(${id}))`,
    );
  },
};

/** The daemon in a process of a user's: one file for both formats of the SDK, loaded when it is started. */
const daemonOutside = {
  name: 'daemon-outside',
  resolveId: (id: string) =>
    id.endsWith('/in-process-daemon.ts') ? { id: '../pilotty-in-process.cjs', external: true } : null,
};

/** Jest runs CommonJS where `import()` is refused. */
const daemonRequired = {
  name: 'daemon-required',
  renderChunk: (code: string) =>
    code.replaceAll(
      /\bimport\((["'`]\.\.\/pilotty-in-process\.cjs["'`])\)/g,
      (_, id: string) => `Promise.resolve().then(() => require(${id}))`,
    ),
};

/**
 * Node reads a text that is ASCII in half of the time, and V8 keeps it in half of the memory. After all else, because
 * making it smaller takes escapes away. (In the one String.raw that has such characters a regex reads the escapes.)
 */
const onlyAscii: Rolldown.Plugin = {
  name: 'only-ascii',
  generateBundle(_, bundle) {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== 'chunk') continue;
      chunk.code = chunk.code.replaceAll(
        /[^\0-\x7f]/g,
        (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
      );
    }
  },
};

/** A program is started by the launcher beside it, from a code cache where there is one; Node reads no comments there. */
function launcherOf(program: string): Rolldown.Plugin {
  return {
    name: 'launcher',
    writeBundle({ dir = 'dist' }) {
      const launcher = readFileSync('apps/cli/launcher.cjs', 'utf8');
      const code = launcher.replaceAll(/^ *(?:\/\/|\/?\*).*\n|^\n/gm, '');
      writeFileSync(join(dir, `${program}.cjs`), code, { mode: 0o755 });
    },
  };
}

/** What builds a startup snapshot of a program lies among its files. */
function startupOf(program: string): Rolldown.Plugin {
  return {
    name: 'startup',
    writeBundle({ dir = 'dist' }) {
      copyFileSync('apps/daemon/startup.cjs', join(dir, program, 'startup.cjs'));
    },
  };
}

/** The SDK: what `import 'pilotty'` is, with the types that its users see. Two formats share nothing but the daemon. */
const library = {
  ...program,
  name: 'sdk',
  entry: {
    'sdk/index': 'packages/sdk/src/index.ts',
    'sdk/local': 'apps/daemon/src/local.ts',
    'sdk/testing': 'apps/testing/src/index.ts',
  },
  dts: { eager: true },
  // Types of `await using`, which a user's own `lib` may not have.
  banner: { dts: '/// <reference lib="esnext.disposable" />' },
  plugins: [daemonOutside, jsoncOfModules],
  deps: { alwaysBundle: [/^@pilotty\//], onlyBundle: ['jsonc-parser', 'ws', 'zod'] },
} satisfies UserConfig;

export default defineConfig([
  {
    ...program,
    name: 'pilotty',
    entry: { 'pilotty/main': 'apps/cli/src/main.ts' },
    minify: true,
    // A command that is no more.
    clean: ['dist/pilotty'],
    outputOptions: {
      chunkFileNames: 'pilotty/[name].cjs',
      codeSplitting: { groups: [ofMostCommands, ofProjects] },
    },
    plugins: [
      commanderWithoutProcesses,
      jsoncOfModules,
      modulesReadOnce,
      builtinsRequired,
      runtimeWithin,
      onlyAscii,
      launcherOf('pilotty'),
    ],
    deps: { alwaysBundle: [/^@pilotty\//], onlyBundle: ['commander', 'jsonc-parser', 'lean-qr', 'zod'] },
  },
  {
    ...program,
    name: 'delta-sessions',
    entry: {
      'delta-sessions': 'apps/delta-sessions/src/main.ts',
      'delta-sessions-pty': 'apps/delta-sessions/src/main-pty.ts',
    },
    minify: true,
    outputOptions: { chunkFileNames: 'delta-sessions/[name].cjs' },
    plugins: [modulesReadOnce],
    deps: { alwaysBundle: [/^@pilotty\//], onlyBundle: [] },
  },
  {
    ...program,
    name: 'pilotty-daemon',
    entry: { 'pilotty-daemon/main': 'apps/daemon/src/main.ts' },
    // The native client says which build it belongs to.
    define: { PILOTTY_BUILD: JSON.stringify(buildId()) },
    // The launcher calls what it exports, and what answers requests imports from the same file.
    inputOptions: { preserveEntrySignatures: 'allow-extension' },
    outputOptions: {
      chunkFileNames: 'pilotty-daemon/[name].cjs',
      codeSplitting: { groups: [ofDaemonStart, ofServing] },
    },
    plugins: [
      jsoncOfModules,
      modulesReadOnce,
      builtinsRequired,
      builtinsWhenUsed,
      pinoWithoutThreads,
      schemasUndescribed,
      runtimeWithin,
      onlyAscii,
      launcherOf('pilotty-daemon'),
      startupOf('pilotty-daemon'),
    ],
    minify: { compress: true, mangle: false, codegen: true },
    copy: ['packages/daemon/shell-integration'],
    deps: { alwaysBundle: [/^@pilotty\//], onlyBundle: false },
  },
  {
    ...program,
    name: 'pilotty-gateway',
    entry: { 'pilotty-gateway': 'apps/gateway/src/main.ts' },
    outputOptions: { chunkFileNames: 'pilotty-gateway/[name].cjs' },
    plugins: [mcpWithoutForms, jsoncOfModules],
    deps: {
      alwaysBundle: [/^@pilotty\//],
      onlyBundle: [
        'hono',
        '@hono/node-server',
        '@modelcontextprotocol/core',
        '@modelcontextprotocol/server',
        'jsonc-parser',
        'ws',
        'zod',
      ],
    },
  },
  {
    ...program,
    name: 'pilotty-mcp',
    entry: { 'pilotty-mcp/main': 'apps/mcp/src/main.ts' },
    // Its tools import from the same file.
    inputOptions: { preserveEntrySignatures: 'allow-extension' },
    minify: true,
    outputOptions: {
      chunkFileNames: 'pilotty-mcp/[name].cjs',
      codeSplitting: { groups: [ofEveryServer] },
    },
    plugins: [
      mcpWithoutForms,
      jsoncOfModules,
      modulesReadOnce,
      builtinsRequired,
      onlyAscii,
      launcherOf('pilotty-mcp'),
    ],
    deps: {
      alwaysBundle: [/^@pilotty\//],
      onlyBundle: ['@modelcontextprotocol/core', '@modelcontextprotocol/server', 'jsonc-parser', 'zod'],
    },
  },
  {
    ...program,
    name: 'pilotty-png-worker',
    entry: { 'pilotty-png-worker': 'packages/daemon/src/pictures/png-worker.ts' },
    outputOptions: { codeSplitting: false },
    // It draws, and opens no emulator.
    treeshake: { moduleSideEffects: (id) => !id.includes('/@xterm/headless/') },
    copy: ['packages/terminal/fonts'],
    deps: { alwaysBundle: [/^@pilotty\//], onlyBundle: [] },
  },
  {
    ...program,
    name: 'pilotty-replay',
    entry: { 'pilotty-replay': 'apps/replay/src/main.ts' },
    // The fonts beside it are those of the thread that draws.
    outputOptions: { codeSplitting: false },
    deps: { alwaysBundle: [/^@pilotty\//], onlyBundle: ['@xterm/headless', 'gifenc'] },
  },
  {
    ...program,
    name: 'pilotty-fleet',
    entry: { 'pilotty-fleet': 'apps/fleet/src/main.ts' },
    minify: true,
    // What draws output as lines is loaded where some is read from the stream.
    outputOptions: { chunkFileNames: 'pilotty-fleet/[name].cjs' },
    deps: {
      alwaysBundle: [/^@pilotty\//],
      onlyBundle: [
        '@xterm/headless',
        '@nats-io/jetstream',
        '@nats-io/kv',
        '@nats-io/nats-core',
        '@nats-io/nkeys',
        '@nats-io/nuid',
        '@nats-io/transport-node',
        'tweetnacl',
        'zod',
      ],
    },
  },
  {
    ...program,
    name: 'pilotty-in-process',
    entry: { 'pilotty-in-process': 'apps/daemon/src/local/in-process-daemon.ts' },
    outputOptions: { codeSplitting: false },
    deps: { alwaysBundle: [/^@pilotty\//], onlyBundle: false },
  },
  // Flat: they find the daemon's program by their own place. Named, because one called index would take an entry's name.
  { ...library, format: 'esm', outputOptions: { chunkFileNames: 'sdk/part-[name].mjs' } },
  {
    ...library,
    format: 'cjs',
    outputOptions: { chunkFileNames: 'sdk/part-[name].cjs' },
    plugins: [...library.plugins, daemonRequired],
  },
  {
    ...library,
    name: 'sdk-browser',
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    entry: { 'sdk/browser': 'packages/sdk/src/browser.ts' },
    outputOptions: { codeSplitting: false },
    deps: { alwaysBundle: [/^@pilotty\//], onlyBundle: [] },
  },
]);
