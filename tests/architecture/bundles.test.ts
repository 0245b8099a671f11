/** What the build made of it: the command stays small, and the package installs what it needs. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { builtProgram } from '../harness/pilotty.ts';
import { manifestOf, packageOf } from './workspaces.ts';

const COMMANDS = ['pilotty', 'delta-sessions', 'delta-sessions-pty'];

test.each(COMMANDS)('%s loads nothing but Node and its own files', (command) => {
  expect(packagesLeftOutside(command)).toEqual([]);
});

test('the command starts without what starts a process', () => {
  expect(modulesRequiredBy('pilotty.cjs', 'pilotty/main.cjs')).not.toContain('node:child_process');
});

test.each(COMMANDS)('%s contains no validator, no emulator', (command) => {
  expect(textOf(command, [PROJECT]).match(/ZodError|xterm\.js/g)).toBe(null);
});

/** Reads project files, and checks them. */
const PROJECT = 'project.cjs';

test('what checks project files is loaded by the commands of projects, when they have begun', () => {
  expect(readFileSync(builtProgram(`pilotty/${PROJECT}`), 'utf8')).toContain('ZodError');
  const others = filesIn(builtProgram('pilotty')).map((path) => basename(path));
  for (const name of others.filter((name) => name !== PROJECT))
    expect(filesReadBy(`pilotty/${name}`), name).not.toContain(`pilotty/${PROJECT}`);
});

/**
 * Of the files that `pilotty key` reads: 66.7 kB now, and some margin. Each further file is a third of a millisecond at
 * each command, so what few commands need is imported where it is used.
 */
const MAX_KEY_BYTES = 67_500;
/** Of Node's own: those that are loaded at the start of any program cost nothing. The launcher loads v8 for a daemon alone. */
const KEY_MODULES = ['events', 'fs', 'net', 'path', 'tty', 'v8', 'vm'].map((name) => `node:${name}`);

test('the command that is used most reads few files, and little that it does not need', () => {
  const read = filesReadBy('pilotty.cjs', 'pilotty/main.cjs');
  const text = read.map((name) => readFileSync(builtProgram(name), 'utf8')).join('\n');
  expect(read).toEqual(['pilotty.cjs', 'pilotty/main.cjs']);
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MAX_KEY_BYTES);
  expect(modulesRequiredBy(...read)).toEqual(KEY_MODULES);
});

/** 50 kB now; what answers requests is 1220, and is read while clients connect. */
const MAX_START_BYTES = 50_700;

test('a daemon reads little until clients can connect', () => {
  const read = filesReadBy('pilotty-daemon.cjs', 'pilotty-daemon/main.cjs');
  const text = read.map((name) => readFileSync(builtProgram(name), 'utf8')).join('\n');
  expect(read).toEqual(['pilotty-daemon.cjs', 'pilotty-daemon/main.cjs']);
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MAX_START_BYTES);
});

/** Of Node's: the first command would wait for them. What is loaded when it is used stands in a getter, or behind `=>`. */
const LATE_MODULES =
  /(?<!return |=>)\brequire\(["'`](?:node:)?(?:assert|child_process|crypto|fs\/promises|module|worker_threads)["'`]\)/g;

test('what answers requests is one file more, and starts no process before it is asked to', () => {
  const start = filesReadBy('pilotty-daemon.cjs', 'pilotty-daemon/main.cjs');
  const read = filesReadBy(...start, 'pilotty-daemon/serving.cjs');
  expect(read).toEqual([...start, 'pilotty-daemon/serving.cjs']);
  const text = read.map((name) => readFileSync(builtProgram(name), 'utf8')).join('\n');
  expect(text.match(LATE_MODULES)).toBe(null);
});

test.each(['pilotty', 'pilotty-daemon', 'pilotty-mcp'])(
  '%s has no other characters than ASCII: the launcher reads no others',
  (program) => {
    expect(textOf(program).match(/[^\0-\x7f]/g)).toBe(null);
  },
);

/** Of Node's, at once: what is loaded later stands behind `then(`, or in a getter. */
function modulesRequiredBy(...names: string[]): string[] {
  const text = names.map((name) => readFileSync(builtProgram(name), 'utf8')).join('\n');
  const found = [...text.matchAll(/(then\(\(\)=>|\{return )?\brequire\(["'`](node:[\w/]+)["'`]\)/g)];
  const atOnce = found.filter(([, later]) => later === undefined).map(([, , name = '']) => name);
  return [...new Set(atOnce)].sort();
}

/** What these load at once, themselves included. */
function filesReadBy(...names: string[]): string[] {
  const read = new Set(names);
  for (const name of read) {
    const text = readFileSync(builtProgram(name), 'utf8');
    // What is imported later stands behind `then(`.
    for (const [, later, path = ''] of text.matchAll(/(then\(\(\)=>)?\brequire\(["`](\.[^"`]+)["`]\)/g))
      if (later === undefined) read.add(join(dirname(name), path));
  }
  return [...read];
}

test('the gateway loads nothing but Node, its own files and what ws tries to do without', () => {
  expect(packagesLeftOutside('pilotty-gateway')).toEqual(['bufferutil', 'utf-8-validate']);
});

/**
 * An MCP client starts the server with each conversation, and waits for what it offers: 353 kB now, from a code cache,
 * and some margin.
 */
const MAX_MCP_BYTES = 354_500;

test('the MCP server loads nothing but Node and its own files, and its tools only when one is called', () => {
  expect(packagesLeftOutside('pilotty-mcp')).toEqual([]);
  const read = filesReadBy('pilotty-mcp.cjs', 'pilotty-mcp/main.cjs');
  const text = read.map((name) => readFileSync(builtProgram(name), 'utf8')).join('\n');
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MAX_MCP_BYTES);
  expect(read).not.toContain('pilotty-mcp/run-tool.cjs');
  expect(textOf('pilotty-mcp')).toContain('give a condition');
  // The protocol as schemas comes with the tools.
  expect(text).not.toContain('give a condition: text, regex');
});

test('the published package depends on exactly what the bundles leave outside', () => {
  const dependencies = Object.keys(manifestOf('.').dependencies ?? {});
  expect(packagesLeftOutside('pilotty-daemon', 'pilotty-png-worker')).toEqual(dependencies.sort());
});

function packagesLeftOutside(...programs: string[]): string[] {
  const text = programs.map((program) => textOf(program)).join('\n');
  const required = [...text.matchAll(/\b(?:require|import)\(["`]([^"`]+)["`]\)/g)].map(
    ([, name = '']) => name,
  );
  const packages = required.filter((name) => !name.startsWith('.') && !isBuiltin(name)).map(packageOf);
  return [...new Set(packages)].sort();
}

function filesIn(directory: string): string[] {
  const names = readdirSync(directory).filter((name) => name.endsWith('.cjs'));
  return names.map((name) => `${directory}/${name}`);
}

/** A program is one file and, where it loads some of itself later, a directory of the same name. */
function textOf(program: string, without: readonly string[] = []): string {
  const directory = builtProgram(program);
  const isWanted = (path: string) => !without.includes(basename(path));
  const parts = existsSync(directory) ? filesIn(directory).filter(isWanted) : [];
  return [`${directory}.cjs`, ...parts].map((path) => readFileSync(path, 'utf8')).join('\n');
}
