#!/usr/bin/env node
// Starts a program, NAME/main.cjs beside it, with what V8 made of it at an earlier start: it takes less than half of
// the time to read that than to compile. The first start of each version of Node writes it beside the program, or,
// where that directory cannot be written, into the user's own cache; where neither can be, or a cache is of another
// file, the program is compiled as any other. The same for what the program loads later of its own, where that is large.
// (A startup snapshot of the daemon is built with the same code: apps/daemon/startup.cjs.)
'use strict';
const {
  accessSync,
  constants,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} = require('node:fs');
const { Script } = require('node:vm');

/** By then a program that goes on running has started, and V8 has not dropped yet what only its start needed. */
const STARTED_MS = 3000;
/** With it a daemon is started (packages/client/src/start-daemon.ts). */
const OWN_OPTION = /^--(?:(?:max-semi-space|v8-pool)-size=\d+|snapshot-blob=.*)$/;
/** A smaller file is compiled in the time that it takes to read its cache. */
const LARGE_BYTES = 40_000;

const directory = __filename.slice(0, -'.cjs'.length);
/** Of scripts that had no cache, or none that V8 took: what writes one. */
const unkept = [];

// V8 takes no code cache that was made with other options, and so none of Node's own modules: 10 ms for a daemon. It has
// read this one by now, and keeps its value.
if (process.execArgv.some((option) => option.startsWith('--max-semi-space-size=')))
  require('node:v8').setFlagsFromString('--max-semi-space-size=0');

module.exports = load(`${directory}/main.cjs`);
if (require.main === module) module.exports.start?.();

function load(filename) {
  // The class of node:module, without all that loading node:module brings.
  const loaded = new module.constructor(filename, module);
  loaded.filename = filename;
  loaded.paths = module.paths;
  loaded.loaded = true;
  // What it loads later refers to it.
  require.cache[filename] = loaded;
  const run = compile(filename).runInThisContext();
  // Its directory is ours: that is where the other programs are.
  run(loaded.exports, (id) => requireFrom(loaded, id), loaded, filename, __dirname);
  return loaded.exports;
}

function requireFrom(parent, id) {
  if (!id.startsWith('./')) return parent.require(id);
  const filename = `${directory}${id.slice(1)}`;
  const isLarge = require.cache[filename] === undefined && statSync(filename).size >= LARGE_BYTES;
  return isLarge ? load(filename) : parent.require(id);
}

function compile(filename) {
  // The build leaves nothing but ASCII in it (tsdown.config.ts), which needs no decoding: 0.7 ms for the daemon.
  const source = readFileSync(filename, 'latin1');
  const { size, mtimeMs, ctimeMs } = statSync(filename);
  // First line of a cache: V8 itself compares no more than the lengths, and would run what was made of another source.
  const identity = `${size} ${mtimeMs} ${ctimeMs} ${filename}\n`;
  const suffix = `-${process.version}-${process.arch}.cache`;
  const name = `${filename.slice(directory.length + 1, -'.cjs'.length)}${suffix}`;
  const script = new Script(`(function(exports,require,module,__filename,__dirname){${source}\n})`, {
    filename,
    cachedData: readCache(`${directory}/${name}`, identity) ?? readOwnCache(name, identity),
  });
  if (script.cachedDataRejected !== false) keepCache(script, name, identity);
  return script;
}

function readCache(cacheFile, identity) {
  try {
    const cache = readFileSync(cacheFile);
    const end = cache.indexOf('\n') + 1;
    return cache.utf8Slice(0, end) === identity ? cache.subarray(end) : undefined;
  } catch {
    // The first start.
    return undefined;
  }
}

function readOwnCache(name, identity) {
  const own = ownCaches();
  return own && isOurs(own) ? readCache(ownFile(own, name), identity) : undefined;
}

/** What is read from there is run: it must be a directory that only this user can have written. */
function isOurs(path, factsOf = lstatSync) {
  const facts = factsOf(path, { throwIfNoEntry: false });
  return facts?.isDirectory() && facts.uid === process.getuid() && (facts.mode & 0o022) === 0;
}

/** https://specifications.freedesktop.org/basedir-spec: a path that is not absolute is ignored. */
function ownCaches() {
  const { XDG_CACHE_HOME: named, HOME: home } = process.env;
  if (named?.startsWith('/')) return `${named}/pilotty`;
  return home?.startsWith('/') ? `${home}/.cache/pilotty` : undefined;
}

/** One of each program, whichever installation is used: the other's is replaced. */
function ownFile(own, name) {
  return `${own}/${directory.slice(directory.lastIndexOf('/') + 1)}-${name}`;
}

function keepCache(script, name, identity) {
  // With other options V8 compiles otherwise, and takes no cache that was made without them.
  if (process.env.NODE_OPTIONS || !process.execArgv.every((option) => OWN_OPTION.test(option))) return;
  const cacheFile = fileToKeep(name);
  if (cacheFile === undefined) return;
  if (unkept.length === 0) {
    process.once('exit', writeCaches);
    setTimeout(writeCaches, STARTED_MS).unref();
  }
  unkept.push(() => writeCache(script, cacheFile, identity));
}

function fileToKeep(name) {
  try {
    accessSync(directory, constants.W_OK);
    return `${directory}/${name}`;
  } catch {
    // An installation of another user's.
  }
  const own = ownCaches();
  if (own === undefined) return undefined;
  try {
    const parent = own.slice(0, own.lastIndexOf('/'));
    if (lstatSync(parent, { throwIfNoEntry: false }) === undefined) mkdirSync(parent, { mode: 0o700 });
    // It may lie elsewhere, on a larger disk.
    if (!isOurs(parent, statSync)) return undefined;
    if (lstatSync(own, { throwIfNoEntry: false }) === undefined) mkdirSync(own, { mode: 0o700 });
    return isOurs(own) ? ownFile(own, name) : undefined;
  } catch {
    // No home, or none that can be written.
    return undefined;
  }
}

function writeCaches() {
  process.off('exit', writeCaches);
  for (const write of unkept.splice(0)) write();
}

/** Whole or not at all: other processes may read or write it now. */
function writeCache(script, cacheFile, identity) {
  const unfinished = `${cacheFile}.${process.pid}`;
  try {
    writeFileSync(unfinished, Buffer.concat([Buffer.from(identity), script.createCachedData()]), {
      flush: true,
    });
    renameSync(unfinished, cacheFile);
  } catch {
    // A full disk, or a directory that is gone: the next start is as slow as this one.
    rmSync(unfinished, { force: true });
  }
}
