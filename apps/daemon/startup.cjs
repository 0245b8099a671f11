// Builds a startup snapshot of a daemon, run by `node --build-snapshot`, and is what a Node does that is started with it.
// Such a Node has the daemon's files in its memory as they were when they had been loaded, and so none of them may have
// looked at its process by then (tests/architecture/startup.test.ts).
//
// The launcher itself loads them here, with a module and a require that stand in for Node's: a snapshot can have no
// others. See docs/decisions/0043-startup-snapshot.md.
'use strict';
const { readFileSync, rmSync, statSync } = require('node:fs');
const { setFlagsFromString, startupSnapshot } = require('node:v8');
const { Script } = require('node:vm');

/** Our clients start a daemon with it (packages/client/src/start-daemon.ts). */
const SNAPSHOT = '--snapshot-blob=';

const launcher = `${__dirname}.cjs`;
/** What each file was. */
const identities = new Map([[launcher, identityOf(launcher)]]);
/** By file. */
const parts = {};
/** Node's own, in the process that is started with the snapshot. */
let requireLater;

/** Stands for Node's module of a file. */
class Part {
  exports = {};

  constructor(filename) {
    this.filename = filename;
    identities.set(filename, identityOf(filename));
  }

  require(id) {
    const filename = id.startsWith('./') ? `${__dirname}${id.slice(1)}` : id;
    if (requireLater !== undefined) return requireLater(filename);
    if (filename === id) return require(id);
    if (parts[filename] === undefined) {
      parts[filename] = new Part(filename);
      run(filename, parts[filename]);
    }
    return parts[filename].exports;
  }
}

function run(filename, part, requireThere = (id) => part.require(id)) {
  const source = readFileSync(filename, 'latin1').replace(/^#!.*/, '');
  const wrapped = `(function(exports,require,module,__filename,__dirname){${source}\n})`;
  const directory = filename.slice(0, filename.lastIndexOf('/'));
  new Script(wrapped, { filename }).runInThisContext()(part.exports, requireThere, part, filename, directory);
}

function identityOf(filename) {
  const { size, mtimeMs, ctimeMs } = statSync(filename);
  return `${size} ${mtimeMs} ${ctimeMs}`;
}

const ofLauncher = { exports: {}, constructor: Part };
const requireOfLauncher = Object.assign((id) => require(id), { cache: parts });
run(launcher, ofLauncher, requireOfLauncher);
startupSnapshot.setDeserializeMainFunction(start);
void ofLauncher.exports.preload().then(() => {
  // V8 takes no snapshot that was made with other options than it is started with, and the launcher has changed one.
  for (const option of process.execArgv)
    if (option.startsWith('--max-semi-space-size=')) setFlagsFromString(option);
});

function start() {
  const { createRequire, Module } = require('node:module');
  const [, program] = process.argv;
  const requireThere = createRequire(program);
  // Of another place or another build: as without it, and without it from now on.
  if (program !== launcher || !isUnchanged()) {
    forgetSnapshot();
    requireThere(program).start();
    return;
  }
  setFlagsFromString('--max-semi-space-size=0');
  const paths = requireThere.resolve.paths('node-pty');
  Object.assign(ofLauncher, { constructor: Module, paths });
  requireOfLauncher.cache = requireThere.cache;
  for (const { filename, exports } of Object.values(parts)) {
    const loaded = Object.assign(new Module(filename, null), { filename, exports, paths, loaded: true });
    requireThere.cache[filename] = loaded;
  }
  requireLater = requireThere;
  ofLauncher.exports.start();
}

function forgetSnapshot() {
  const at = process.execArgv.findIndex((option) => option.startsWith(SNAPSHOT));
  const [option = ''] = process.execArgv.splice(at, 1);
  try {
    rmSync(option.slice(SNAPSHOT.length), { force: true });
  } catch {
    // Another user's installation: each start is the slower for it.
  }
}

function isUnchanged() {
  try {
    return [...identities].every(([filename, identity]) => identityOf(filename) === identity);
  } catch {
    return false;
  }
}
