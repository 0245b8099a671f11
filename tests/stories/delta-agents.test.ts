/** The agents of docs/examples/delta-sessions do their work as they stand, with a plan in the place of a model. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { readText, root } from '../architecture/workspaces.ts';
import { type Delta, test } from '../delta-sessions/delta.ts';
import { needs } from '../harness/programs.ts';

const examples = 'docs/examples/delta-sessions';

async function runAgent(delta: Delta, name: string): Promise<string> {
  const agent = join(root, examples, 'run-agent.mjs');
  const { stdout, stderr, code } = await delta.sh(
    `'${process.execPath}' '${agent}' '${join(root, examples, name)}'`,
  );
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  return stdout;
}

test('the shell: a project is packed, a function stays, a failure is told', async ({ delta }) => {
  const output = await runAgent(delta, 'interactive-shell');
  expect(output).toContain('./\n./one.txt\n./two.txt\n');
  expect(output).toContain('> session_exec("greet Ada")\nhello, Ada\n');
  expect(output).toMatch(/\nstderr: ls: .*nonexistent.*\nexit code: 2\n/);
  expect(output).toMatch(/"status": "terminated",\n {2}"session_id": "sess_[0-9a-f]{8}"\n\}\n$/);
});

test('the shell, typed into: what takes too long is interrupted, the directory stays', async ({ delta }) => {
  const output = await runAgent(delta, 'interactive-shell-pty');
  expect(output).toContain(`\n${delta.workspace}/project\n`);
  expect(output).toMatch(/\^C\n/);
  expect(output).toContain('\nstill in project\n');
  expect(output).toMatch(/> shell_list\(\)\n\[\n.*"status": "running"/s);
});

test('Python: functions, imports and variables stay', async ({ delta }) => {
  needs('python3');
  const output = await runAgent(delta, 'python-repl');
  expect(output).toMatch(/> python_exec\("print.*\n3628800 True\n> python_end/);
});

test('Python, typed into: 10! and an interrupted loop', async ({ delta }) => {
  needs('python3');
  const output = await runAgent(delta, 'python-repl-pty');
  expect(output).toMatch(/\n3628800\n/);
  expect(output).toMatch(/KeyboardInterrupt\n/);
});

test('the session of the page', async ({ delta }) => {
  needs('jq');
  const [, session = ''] = /```console\n(.*?)```/s.exec(readText('docs/delta-sessions.md')) ?? [];
  const lines = session.trimEnd().split('\n');
  const script = lines.filter((line) => line.startsWith('$ ')).map((line) => line.slice(2));
  const { stdout, stderr } = await delta.sh(script.join('\n'));
  const shown = lines.filter((line) => !line.startsWith('$ '));
  expect({ stdout, stderr }).toEqual({ stdout: `${shown.join('\n')}\n`, stderr: '' });
  expect(script.length).toBeGreaterThan(3);
});

test.for(readdirSync(join(root, examples), { withFileTypes: true }).filter((entry) => entry.isDirectory()))(
  '$name names every tool of its prompt in its configuration',
  ({ name }) => {
    const config = readText(join(examples, name, 'config.yaml'));
    const called = readText(join(examples, name, 'system_prompt.md')).match(/(?<=`)\w+(?=\()/g) ?? [];
    expect(called.filter((tool) => !config.includes(`- name: ${tool}\n`))).toEqual([]);
    expect(called.length).toBeGreaterThan(2);
  },
);
