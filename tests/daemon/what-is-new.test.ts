/** `-f new` and `--snapshot new`: only what was printed or changed since the act, by programs of each kind. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Pilotty } from '../harness/pilotty.ts';
import { test } from '../harness/pilotty.ts';
import { needs } from '../harness/programs.ts';

const LINES = Array.from({ length: 60 }, (_, index) => `line ${index + 1}\n`).join('');

test('bash: the answers of all acts, one after the other, are the output', async ({ pilotty }) => {
  needs('bash');
  const env = { PS1: '$ ' };
  const started = await pilotty.run('spawn', '-f', 'new', '--wait-prompt', 'bash', '--norc', { env });
  expect(started.stdout).toMatch(/\$\n$/);
  const act = async (command: string) => {
    const { code, stdout, stderr } = await pilotty.run(
      'send',
      command,
      'Enter',
      '--wait-prompt',
      '-f',
      'new',
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return stdout;
  };
  const answers: string[] = [];
  for (const command of ["PS1='$ '", 'seq 60', 'echo; echo " two"; echo', 'true'])
    answers.push(await act(command));
  expect(answers[1]).toBe(`$ seq 60\n${LINES.replaceAll('line ', '')}$\n`);
  expect(answers[2]).toBe('$ echo; echo " two"; echo\n\n two\n\n$\n');
  expect(answers[3]).toBe('$ true\n$\n');
  // The prompt that ends an answer begins the next, with what was typed behind it.
  const joined = answers.map((answer, index) => (index < 3 ? answer.replace(/\$\n$/, '') : answer)).join('');
  const { stdout: output } = await pilotty.run('output');
  expect(
    output
      .replace(/ +$/gm, '')
      .trimEnd()
      .endsWith(joined.slice(joined.indexOf('$ seq')).trimEnd()),
  ).toBe(true);
});

test('more than is kept is counted, and the command that has it is named', async ({ pilotty }) => {
  needs('bash');
  await pilotty.run('spawn', '--wait-prompt', '--scrollback', '10', '-q', 'bash', '--norc');
  const typed = ['type', 'seq 2000', '--enter', '--wait-prompt'];
  const { stdout, stderr } = await pilotty.run(...typed, '-f', 'new');
  expect(stdout).toMatch(/^19\d\d\n(\d+\n)+bash-.*\n$/);
  expect(stdout).toContain('\n2000\n');
  const [, missed = '', since = ''] =
    /^note: (\d+) rows more were printed .*'pilotty output -s \S+ --since (\d+)'/.exec(stderr) ?? [];
  const told = stdout.split('\n').length - 1;
  // The command line and the prompt are lines too.
  expect(Number(missed) + told).toBe(2000 + 2);
  const rest = await pilotty.run('output', '--since', since);
  expect(rest.stdout).toMatch(/seq 2000\n1\n2\n/);

  const { screen } = (await pilotty.run(...typed, '--snapshot', 'new')).json();
  expect(screen).toMatchObject({ new: { missed_rows: Number(missed), offset: expect.any(Number) } });
  expect(screen.new.lines.at(-1)).toEqual({ row: 23, text: expect.stringMatching(/^bash-/) });
  expect(screen).not.toHaveProperty('text');
});

test('python: an answer of several lines', async ({ pilotty }) => {
  needs('python3');
  await pilotty.run('spawn', '--wait-text', '>>>', '-q', 'python3', '-q', {
    env: { PYTHON_BASIC_REPL: '1' },
  });
  const { stdout } = await pilotty.run(
    'send',
    'for i in range(3): print(i)',
    'Enter',
    'Enter',
    '--wait-prompt',
    '-f',
    'new',
  );
  expect(stdout).toBe('>>> for i in range(3): print(i)\n...\n0\n1\n2\n>>>\n');
});

test('vim: the rows that changed, and nothing where only the cursor moved', async ({ pilotty }) => {
  needs('vim');
  writeFileSync(join(pilotty.home, 'f'), LINES);
  await pilotty.run('spawn', '--wait-text', 'line 5', '-q', 'vim', '-u', 'NONE', '-c', 'set esckeys', 'f');
  const rows = async (...words: string[]) => {
    const answer = await pilotty.run('send', ...words, '--snapshot', 'new');
    return answer.json().screen.new.lines;
  };
  // The line about the file has gone from the last row: there is nothing to read in it.
  expect(await rows('ochanged', 'Escape')).toEqual([{ row: 1, text: 'changed' }]);
  // The rows below moved, and are no news.
  expect(await rows('dd')).toEqual([{ row: 22, text: 'line 23' }]);
  const moved = await pilotty.run('key', 'k', '-f', 'new');
  expect([moved.stdout, moved.stderr]).toEqual([
    '',
    'note: no line is new since the input; the cursor is at row 0, column 0\n',
  ]);
});

test('less: what comes in, by the line and by the page', async ({ pilotty }) => {
  needs('less');
  writeFileSync(join(pilotty.home, 'f'), LINES);
  await pilotty.run('spawn', '--wait-text', 'line 23', '-q', 'less', 'f');
  const next = async (key: string) => (await pilotty.run('key', key, '-f', 'new')).stdout;
  expect(await next('Down')).toMatch(/^line 24\n:?\n?$/);
  const page = await next('Space');
  expect(page).toMatch(/^line 25\n(line \d+\n)+line 47\n:?\n?$/);
});

test('git add -p: the next hunk, and not the one before', async ({ pilotty }) => {
  needs('git', 'bash');
  writeFileSync(join(pilotty.home, 'f'), LINES);
  const setup =
    'git init -q . && git config user.email a@b && git config user.name a && git add f && git commit -qm 1';
  await pilotty.run('run', 'bash', '-c', `${setup} && sed -i.old 's/^line 5$/FIVE/; s/^line 50$/FIFTY/' f`);
  await pilotty.run(
    'spawn',
    '--wait-text',
    'Stage this hunk',
    '-q',
    'git',
    '-c',
    'color.ui=never',
    'add',
    '-p',
  );
  const { stdout } = await pilotty.run(
    'send',
    'y',
    'Enter',
    '--wait-new',
    '--wait-text',
    '(2/2)',
    '-f',
    'new',
  );
  expect(stdout).toContain('+FIFTY');
  expect(stdout).not.toContain('FIVE');
  expect(stdout).toMatch(/^\(1\/2\) Stage this hunk .*\? y\n@@/);
});

test('dialog: the next screen, and the button that was focused', async ({ pilotty }) => {
  needs('dialog');
  await pilotty.run(
    'spawn',
    '--wait-text',
    'First?',
    '-q',
    'dialog',
    '--yesno',
    'First?',
    '7',
    '40',
    '--and-widget',
    '--msgbox',
    'Second',
    '7',
    '40',
  );
  const focused = await pilotty.run('key', 'Tab', '-f', 'new');
  expect(focused.stdout.trim().split('\n')).toEqual([expect.stringMatching(/Yes.*No/)]);
  const second = await pilotty.run('key', 'Tab Enter', '--wait-text', 'Second', '-f', 'new');
  expect(second.stdout).toContain('Second');
  expect(second.stdout).not.toContain('First?');
});

test('snapshot counts from the last input, whoever sent it', async ({ pilotty }: { pilotty: Pilotty }) => {
  await pilotty.run('spawn', '--name', 'a', '--wait-text', 'ready', '-q', 'sh', '-c', 'echo ready; cat');
  const both = ['-s', 'a', '-f', 'new'];
  expect((await pilotty.run('snapshot', ...both)).stdout).toBe('ready\n');
  await pilotty.run('type', '-s', 'a', 'hi', '--enter', '--wait-settle', '50ms', '-q');
  expect((await pilotty.run('snapshot', ...both)).stdout).toBe('hi\nhi\n');
  expect(await pilotty.run('snapshot', ...both, '--scrollback', '3')).toMatchObject({ code: 2 });
  const two = await pilotty.run('type', '-s', 'a*', 'ho', '--enter', '--wait-settle', '50ms', '-f', 'new');
  expect(two.stdout).toBe('==> a <==\nho\nho\n');
});
