#!/usr/bin/env node
// Starts a program, NAME/main.cjs beside it, with what V8 made of it at an earlier start: it takes less than half of
// the time to read that than to compile. The first start of each version of Node writes it, where this directory can
// be written; where it cannot, or the cache is of another file, the program is compiled as any other.
'use strict';
const {
  accessSync,
  constants,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} = require('node:fs');
const { Script } = require('node:vm');

/** By then a program that goes on running has started, and V8 has not dropped yet what only its start needed. */
const STARTED_MS = 3000;

const directory = __filename.slice(0, -'.cjs'.length);
const filename = `${directory}/main.cjs`;
const cacheFile = `${directory}/main-${process.version}-${process.arch}.cache`;
const source = readFileSync(filename, 'utf8');
const { size, mtimeMs, ctimeMs } = statSync(filename);
/** First line of a cache: V8 itself compares no more than the lengths, and would run what was made of another source. */
const identity = `${size} ${mtimeMs} ${ctimeMs}\n`;

const script = new Script(`(function(exports,require,module,__filename,__dirname){${source}\n})`, {
  filename,
  cachedData: readCache(),
});
if (script.cachedDataRejected !== false) keepCache();

// The class of node:module, without all that loading node:module brings.
const main = new module.constructor(filename, module);
main.filename = filename;
main.paths = module.paths;
main.loaded = true;
// What it loads later refers to it.
require.cache[filename] = main;
// Its directory is ours: that is where the other programs are.
script.runInThisContext()(main.exports, (id) => main.require(id), main, filename, __dirname);

function readCache() {
  try {
    const cache = readFileSync(cacheFile);
    const end = cache.indexOf('\n') + 1;
    return cache.latin1Slice(0, end) === identity ? cache.subarray(end) : undefined;
  } catch {
    // The first start.
    return undefined;
  }
}

function keepCache() {
  // With other options V8 compiles otherwise, and takes no cache that was made without them.
  if (process.execArgv.length > 0 || process.env.NODE_OPTIONS) return;
  try {
    accessSync(directory, constants.W_OK);
  } catch {
    return;
  }
  process.once('exit', writeCache);
  setTimeout(writeCache, STARTED_MS).unref();
}

/** Whole or not at all: other processes may read or write it now. */
function writeCache() {
  process.off('exit', writeCache);
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
