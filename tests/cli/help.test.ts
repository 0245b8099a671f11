/** The help: for every command, with examples that its own parser takes. */
import { expect, test } from 'vitest';
import { readLine } from '../../apps/cli/src/command-line.ts';
import { aliases, groups } from '../../apps/cli/src/commands/index.ts';
import { topics } from '../../apps/cli/src/topics.ts';
import { errors, VERSION } from '../../packages/protocol/src/index.ts';
import { runInProcess } from './in-process.ts';
import { commandsIn } from './shell-words.ts';

const names = Object.values(groups).flatMap((commands) => Object.keys(commands));

test('without a word there is the help, as with --help', async () => {
  const bare = await runInProcess([]);
  expect(bare).toMatchObject({ code: 0, stderr: '' });
  for (const name of names) expect(bare.stdout).toMatch(new RegExp(`^ {2}${name}(,| {2})`, 'm'));
  expect(await runInProcess(['--help'])).toEqual(bare);
  expect(await runInProcess(['help'])).toEqual(bare);
});

test('--version says the version', async () => {
  expect(await runInProcess(['--version'])).toMatchObject({ code: 0, stdout: `pilotty ${VERSION}\n` });
  expect(await runInProcess(['-V'])).toMatchObject({ code: 0, stdout: `pilotty ${VERSION}\n` });
});

test.for(names)('%s has help, and examples that it understands', async (name) => {
  const help = await runInProcess([name, '--help']);
  expect(help).toMatchObject({ code: 0, stderr: '', requests: [] });
  expect(await runInProcess(['help', name])).toMatchObject({ stdout: help.stdout });
  const declaration = await declarationOf(name);
  expect(declaration.name).toBe(name);
  expect(declaration.examples.length).toBeGreaterThanOrEqual(2);
  for (const [line] of declaration.examples) {
    expect(help.stdout).toContain(line);
    for (const [command = '', ...words] of commandsIn(line)) {
      readLine(await declarationOf(command), words);
    }
  }
});

test.for(names)('every option of %s is in its help, or in the topic that it names', async (name) => {
  const { options = {} } = await declarationOf(name);
  const help = (await runInProcess([name, '--help'])).stdout;
  for (const [option, { topic }] of Object.entries(options)) {
    expect(help).toMatch(new RegExp(` --${option}( |\\[=|$)`, 'm'));
    if (topic === undefined) continue;
    expect(help).toContain(`'pilotty help ${topic}'`);
    const described = await runInProcess(['help', topic]);
    expect(described).toMatchObject({ code: 0, stderr: '' });
    expect(described.stdout).toMatch(
      new RegExp(
        `^ +--${option}( [A-Z,]+|\\[=[A-Z]+\\])? {2,}\\w|^ +--${option}( [A-Z,]+|\\[=[A-Z]+\\])?$`,
        'm',
      ),
    );
  }
});

test('the topic for agents is a page, its commands are understood, and --help leads there', async () => {
  const { code, stdout } = await runInProcess(['help', 'agents']);
  expect(code).toBe(0);
  const lines = stdout.split('\n');
  expect(lines.length).toBeLessThan(60);
  const commands = lines.flatMap(
    (line) => /\bpilotty (?!COMMAND|help)[a-z].*?(?= {2,}|, | \(|$)/.exec(line) ?? [],
  );
  expect(commands.length).toBeGreaterThan(15);
  for (const line of commands)
    for (const [command = '', ...words] of commandsIn(line)) readLine(await declarationOf(command), words);
  expect((await runInProcess([])).stdout).toContain('pilotty help agents');
  expect((await runInProcess(['agents'])).stdout).toBe(stdout);
});

/** Lines: what a long page of paper takes. */
const PAGE = 97;

test('the help begins with the loop, each step of it a command, and stays under a page', async () => {
  const { stdout } = await runInProcess(['--help']);
  const lines = stdout.split('\n');
  expect(lines.length).toBeLessThan(PAGE);
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  const loop = lines.slice(2, 6).map((line) => line.trim().replace(/ {2,}.*/, ''));
  const steps = await Promise.all(
    loop.flatMap(commandsIn).map(async ([command = '', ...words]) => {
      readLine(await declarationOf(command), words);
      return command;
    }),
  );
  expect(steps).toEqual(['spawn', 'send', 'snapshot', 'kill']);
});

test('every topic has its text, and the help names it', async () => {
  const { stdout } = await runInProcess(['--help']);
  for (const topic of topics) {
    expect(await runInProcess(['help', topic])).toMatchObject({ code: 0, stderr: '' });
    expect(stdout).toContain(`pilotty help ${topic}`);
  }
});

test('the help lists the exit codes', async () => {
  const { stdout } = await runInProcess(['help', 'exit-codes']);
  const codes = new Set(Object.values(errors).map(({ exitCode }) => exitCode));
  for (const code of [0, ...codes, 123, 124, 125])
    expect(stdout).toMatch(new RegExp(`^ {2}${code} +\\w`, 'm'));
});

test("help wins over words that are wrong, unless it is the program's", async () => {
  expect(await runInProcess(['resize', 'x', '-h'])).toMatchObject({ code: 0, stderr: '' });
  expect(await runInProcess(['resize', '--colums', '-h'])).toMatchObject({ code: 0, stderr: '' });
  const spawned = await runInProcess(['spawn', 'ls', '--help']);
  expect(spawned.requests[0]?.params.argv).toEqual(['ls', '--help']);
});

async function declarationOf(word: string) {
  const name = aliases[word] ?? word;
  const load = Object.values(groups).find((commands) => Object.hasOwn(commands, name))?.[name];
  if (load === undefined) throw new Error(`an example names ${word}, which is no command`);
  return (await load()).declaration;
}
