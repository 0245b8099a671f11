/** What agents are given: short, made from the tables, and written where they look, over nothing of the user's. */
import {
  chmodSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { countTokens } from 'gpt-tokenizer';
import { expect, test as plainTest } from 'vitest';
import { aliases, groups } from '../../apps/cli/src/commands/index.ts';
import { errors } from '../../packages/protocol/src/index.ts';
import { methods } from '../../packages/protocol/src/schemas.ts';
import { namedKeys } from '../../packages/terminal/src/index.ts';
import { test } from '../harness/pilotty.ts';
import { runInProcess } from './in-process.ts';

/** An agent pays for it whenever it loads the skill. */
const MAX_TOKENS = 1500;
/** The description is in the context of every session of every agent. */
const MAX_DESCRIPTION_CHARACTERS = 1024;

plainTest('the skill is what the format demands, and short', async () => {
  const { stdout } = await runInProcess(['skill']);
  const [, name, description] = /^---\nname: ([a-z-]+)\ndescription: (".*")\n---\n\n# /.exec(stdout) ?? [];
  expect(name).toBe('pilotty');
  expect(JSON.parse(description ?? '').length).toBeLessThanOrEqual(MAX_DESCRIPTION_CHARACTERS);
  expect(description).not.toMatch(/[<>]/);
  expect(countTokens(stdout)).toBeLessThan(MAX_TOKENS);
  expect((await runInProcess(['skill', '--json'])).stdout).toBe(
    `${JSON.stringify({ type: 'skill', name, text: stdout })}\n`,
  );
});

plainTest("it says what 'help agents' says, every line of it", async () => {
  const { stdout: skill } = await runInProcess(['skill']);
  const { stdout: topic } = await runInProcess(['help', 'agents']);
  const lines = (text: string) => text.split('\n').map((line) => line.replace(/^(## | {2})/, ''));
  const missing = lines(topic).filter((line) => !lines(skill).includes(line));
  expect(missing).toEqual([]);
});

plainTest('it says what tells that an answer is not whole, and what keeps output of a host', async () => {
  const { stdout } = await runInProcess(['skill']);
  for (const word of ['missed_bytes', 'not_searched', '--keep-output']) expect(stdout).toContain(word);
});

plainTest('--full adds every condition, error, exit code and key', async () => {
  const { stdout } = await runInProcess(['skill', '--full']);
  for (const code of Object.keys(errors)) expect(stdout).toContain(`\`${code}\``);
  for (const { name } of namedKeys) expect(stdout).toMatch(new RegExp(`\\b${name}\\b`));
  const { conditions, exit_codes } = JSON.parse((await runInProcess(['agent-context'])).stdout);
  for (const { name } of conditions) expect(stdout).toContain(`\`${name}`);
  for (const { code } of exit_codes) expect(stdout).toContain(`\`${code}\``);
});

test('it is written where the agent looks, and says what it did', async ({ pilotty }) => {
  const install = async (agent: string, ...words: string[]) =>
    (await pilotty.run('skill', '--install', agent, ...words)).json();
  const text = (await pilotty.run('skill')).stdout;
  for (const [agent, directory] of [
    ['claude', '.claude/skills'],
    ['codex', '.agents/skills'],
    ['gemini', '.gemini/skills'],
    ['cursor', '.cursor/skills'],
    ['copilot', '.copilot/skills'],
    ['opencode', '.config/opencode/skills'],
    ['windsurf', '.codeium/windsurf/skills'],
  ] as const) {
    const path = join(pilotty.home, directory, 'pilotty/SKILL.md');
    expect(await install(agent)).toEqual({ type: 'skill_installed', agent, path, outcome: 'created' });
    expect(readFileSync(path, 'utf8')).toBe(text);
    expect(await install(agent)).toMatchObject({ path, outcome: 'unchanged' });
  }
  // Readable as its owner's other files are, and no more.
  const mask = process.umask();
  expect(statSync(join(pilotty.home, '.claude/skills/pilotty')).mode & 0o777).toBe(0o777 & ~mask);
  expect(statSync(join(pilotty.home, '.claude/skills/pilotty/SKILL.md')).mode & 0o777).toBe(0o666 & ~mask);
  const project = join(pilotty.home, 'project');
  mkdirSync(project);
  const inProject = await pilotty.run('skill', '--install', 'claude', '--project', { cwd: project });
  expect(inProject.json().path).toBe(join(project, '.claude/skills/pilotty/SKILL.md'));
  const elsewhere = join(pilotty.home, 'elsewhere');
  const moved = await pilotty.run('skill', '--install', 'claude', { env: { CLAUDE_CONFIG_DIR: elsewhere } });
  expect(moved.json().path).toBe(join(elsewhere, 'skills/pilotty/SKILL.md'));
  // No daemon is needed for any of it.
  expect(pilotty.processes()).toEqual([]);
});

test('a file that was changed stays, unless --force is given', async ({ pilotty }) => {
  const path = join(pilotty.home, '.claude/skills/pilotty/SKILL.md');
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, 'mine');
  const refused = await pilotty.run('skill', '--install', 'claude');
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.error()).toMatchObject({ code: 'CONDITION_FAILED', details: { path } });
  expect(refused.stderr).toContain('--force');
  expect(readFileSync(path, 'utf8')).toBe('mine');
  expect((await pilotty.run('skill', '--install', 'claude', '--force')).json().outcome).toBe('replaced');
  expect(readFileSync(path, 'utf8')).toBe((await pilotty.run('skill')).stdout);
});

test('a link stays a link, and one that leads nowhere is not replaced', async ({ pilotty }) => {
  const path = join(pilotty.home, '.claude/skills/pilotty/SKILL.md');
  const target = join(pilotty.home, 'dotfiles.md');
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path);
  expect(await pilotty.run('skill', '--install', 'claude')).toMatchObject({ code: 1, stdout: '' });
  writeFileSync(target, 'older');
  expect((await pilotty.run('skill', '--install', 'claude', '--force')).json().outcome).toBe('replaced');
  expect(readlinkSync(path)).toBe(target);
  expect(readFileSync(target, 'utf8')).toMatch(/^---\nname: pilotty/);
});

test('what cannot be done is refused, and nothing is left behind', async ({ pilotty }) => {
  const unknown = await pilotty.run('skill', '--install', 'clippy');
  expect(unknown).toMatchObject({ code: 2, stdout: '' });
  expect(unknown.stderr).toMatch(/claude, codex, copilot, cursor, gemini, opencode, windsurf or agents/);
  expect((await pilotty.run('skill', '--force')).code).toBe(2);
  expect((await pilotty.run('skill', '--project')).code).toBe(2);
  expect((await pilotty.run('skill', '--install', 'claude', { env: { HOME: undefined } })).code).toBe(2);
  writeFileSync(join(pilotty.home, '.gemini'), 'a file where a directory should be');
  const blocked = await pilotty.run('skill', '--install', 'gemini');
  expect(blocked).toMatchObject({ code: 1, stdout: '' });
  expect(blocked.error().code).toBe('UNAVAILABLE');
  chmodSync(join(pilotty.home, '.gemini'), 0o600);
});

plainTest('agent-context has every command, option, condition and error', async () => {
  const context = JSON.parse((await runInProcess(['agent-context'])).stdout);
  const commands = new Map<string, { options: object[]; shared_options?: string[]; examples: object[] }>(
    context.commands.map((command: { name: string }) => [command.name, command]),
  );
  for (const [name, load] of Object.values(groups).flatMap((group) => Object.entries(group))) {
    const { declaration } = await load();
    const described = commands.get(name);
    const names = [
      ...(described?.options ?? []).map((option) => (option as { name: string }).name),
      ...(described?.shared_options ?? []),
    ];
    expect(names.toSorted()).toEqual(
      Object.keys(declaration.options ?? {})
        .map((option) => `--${option}`)
        .toSorted(),
    );
    expect(described?.examples).toHaveLength(declaration.examples.length);
  }
  const shared = context.shared_options['wait-options'].map(({ name }: { name: string }) => name);
  for (const { shared_options = [] } of commands.values())
    for (const name of shared_options) expect(shared).toContain(name);
  expect(context.commands.flatMap((command: { aliases: string[] }) => command.aliases)).toEqual(
    Object.keys(aliases),
  );
  expect(context.errors.map(({ code }: { code: string }) => code)).toEqual(Object.keys(errors));
  expect(context.guide).toBe((await runInProcess(['help', 'agents'])).stdout);
  expect((await runInProcess(['agent-context', '--fields', 'errors.code'])).code).toBe(0);
});

plainTest('the limits that agent-context names are the limits there are', async () => {
  const { limits } = JSON.parse((await runInProcess(['agent-context'])).stdout);
  const wait = methods['session.wait'].params.parse({ text: 'x' });
  expect(limits.timeout_ms.default).toBe(wait.timeout_ms);
  const code = async (...words: string[]) => (await runInProcess(words)).code;
  expect(await code('wait', '--exit', '-t', String(limits.timeout_ms.max))).not.toBe(2);
  expect(await code('wait', '--exit', '-t', String(limits.timeout_ms.max + 1))).toBe(2);
  expect(await code('resize', String(limits.cols.max), String(limits.rows.max))).toBe(0);
  expect(await code('resize', String(limits.cols.max + 1), '24')).toBe(2);
  expect(await code('resize', '80', String(limits.rows.max + 1))).toBe(2);
  expect(await code('resize', String(limits.cols.min - 1), '24')).toBe(2);
});
