/**
 * What was done in a session becomes a test and a script that pass: recorded through the command, run in a project of
 * their own. The recordings are made once, the runners then run all of them.
 */
import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect } from 'vitest';
import { type Pilotty, test } from '../harness/pilotty.ts';
import { needs, program } from '../harness/programs.ts';
import { makeProject, runnerEnvironment, runTests } from './project.ts';

const FORMATS = { vitest: '.vitest.mjs', jest: '.test.cjs', 'node-test': '.node.mjs', shell: '.sh' } as const;

const DASHES = `echo ready
read -r word; test "$word" = -x && printf '\\033[2J\\033[H-- one --'
read -r word; printf '\\033[2J\\033[H'
read -r word`;

/** What is done to each program: words of the command, without the session. */
const sessions: Record<string, { argv: readonly string[]; acts: readonly (readonly string[])[] }> = {
  vim: {
    argv: ['vim', '-u', 'NONE', '-N', 'notes.txt'],
    acts: [
      ['key', 'G o', '--wait-cursor', '1'],
      ['type', 'hello', '--wait-change'],
      ['key', 'Escape', '--wait-cursor', '1,4'],
      ['type', ':%s/l/L/g', '--enter', '--wait-text', 'heLLo'],
      ['type', ':wq', '--enter', '--wait-exit'],
    ],
  },
  python: {
    argv: ['python3', '-q'],
    acts: [
      ['type', 'x = 6', '--enter', '--wait-prompt'],
      ['type', 'print(x * 7)', '--enter', '--wait-prompt'],
      ['type', 'for i in range(3): print("line", i)', '--enter', '--wait-settle', '50ms'],
      ['key', 'Enter', '--wait-text', 'line 2', '--wait-prompt'],
      ['type', '1/0', '--enter', '--wait-text', 'ZeroDivisionError', '--wait-prompt'],
      ['key', 'Ctrl+D', '--wait-exit'],
    ],
  },
  // What begins with '-' is no option of the commands that wait for it or type it.
  dashes: {
    argv: ['sh', '-c', DASHES],
    acts: [
      ['send', '--literal', '-x', 'Enter', '--wait-text=-- one --'],
      ['key', 'Enter', '--wait-gone=-- one --'],
      ['key', 'Enter', '--wait-exit'],
    ],
  },
  dialog: {
    argv: ['dialog', '--menu', 'Pick a fruit', '12', '40', '3', 'a', 'Apple', 'b', 'Banana', 'c', 'Cherry'],
    acts: [
      ['key', 'Down', '--wait-change'],
      ['key', 'Down', '--wait-change'],
      ['key', 'Enter', '--wait-exit'],
    ],
  },
  menu: {
    argv: program('menu.cjs'),
    acts: [
      ['key', 'Down', '--wait-change'],
      ['key', 'Down', '--wait-change'],
      ['key', 'Up', '--wait-change'],
      ['key', 'Enter', '--wait-exit'],
    ],
  },
};
const names = Object.keys(sessions);

async function recordAll(pilotty: Pilotty, project: string): Promise<Record<string, Record<string, string>>> {
  makeProject(project);
  const texts: Record<string, Record<string, string>> = {};
  for (const [name, { argv, acts }] of Object.entries(sessions)) {
    const cwd = join(pilotty.directory, name);
    mkdirSync(cwd);
    writeFileSync(join(cwd, 'notes.txt'), 'a note\n');
    await pilotty.run('spawn', '--keep-input', '--name', name, '--', ...argv, { cwd });
    for (const [command = '', ...words] of acts) {
      const { code, stderr } = await pilotty.run(command, '-s', name, ...words);
      expect({ code, stderr }, `${name}: ${words}`).toEqual({ code: 0, stderr: '' });
    }
    const written: Record<string, string> = {};
    for (const [format, ending] of Object.entries(FORMATS)) {
      const { stdout } = await pilotty.run('inputs', '-s', name, '--format', format);
      // A busy machine: a deadline only ends what would never have come.
      writeFileSync(
        join(project, `${name}${ending}`),
        stdout.replace('rows: 24,', 'rows: 24, timeout: 60000,').replace(/\}, \d+\);\n$/, '}, 600000);\n'),
      );
      written[format] = stdout;
    }
    texts[name] = written;
  }
  return texts;
}

describe('a recorded session', () => {
  test('is a test that passes in each runner, and a script', { timeout: 600_000 }, async ({ pilotty }) => {
    needs('vim', 'dialog', 'python3');
    const project = join(pilotty.directory, 'project');
    mkdirSync(project);
    const texts = await recordAll(pilotty, project);
    const all = JSON.stringify(texts);
    expect(all).not.toMatch(/sleep|setTimeout|settle/);

    const env = runnerEnvironment({ ...pilotty.env, PILOTTY_TRACE_DIR: join(project, 'traces') });
    writeFileSync(
      join(project, 'vitest.config.mjs'),
      "export default { test: { include: ['*.vitest.mjs'], testTimeout: 60000 } };\n",
    );
    const commands = join(project, 'bin');
    mkdirSync(commands);
    const quoted = pilotty.program.map((word) => `'${word}'`).join(' ');
    writeFileSync(join(commands, 'pilotty'), `#!/bin/sh\nexec ${quoted} "$@"\n`);
    chmodSync(join(commands, 'pilotty'), 0o755);
    const path = { ...pilotty.env, PATH: `${commands}:${pilotty.env.PATH}` };
    const scripts = names.map(async (name) => {
      const run = promisify(execFile)('sh', [join(project, `${name}.sh`)], { env: path });
      const failure = await run.then(
        () => undefined,
        ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
      );
      expect(failure, texts[name]?.shell).toBeUndefined();
    });
    const tests = (
      [
        ['vitest', []],
        ['jest', []],
        ['node', names.map((name) => `${name}${FORMATS['node-test']}`)],
      ] as const
    ).map(async ([runner, words]) => {
      const { code, output } = await runTests(runner, words, project, env);
      expect(code, `${runner}\n${output}\n${Object.values(texts).map((text) => text.vitest)}`).toBe(0);
    });
    await Promise.all([...scripts, ...tests]);
  });
});
