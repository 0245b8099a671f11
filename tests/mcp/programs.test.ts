/** Real programs, driven as a model would: each step is one call, and its answer is what the next one needs. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { needs } from '../harness/programs.ts';
import { test } from './agents.ts';

test('vim: search and replace, a line more, save and leave, in three calls', async ({ near, pilotty }) => {
  needs('vim');
  const file = join(pilotty.home, 'a.txt');
  writeFileSync(file, 'red fish\nblue fish\n');
  const agent = await near();
  const argv = ['vim', '-u', 'NONE', '-N', 'a.txt'];
  expect(await agent.ask('spawn', { argv, name: 'ed', wait: { text: 'a.txt' } })).toMatch(
    /0│red fish\n *1│blue fish/,
  );
  const replaced = await agent.ask('send', {
    session: 'ed',
    input: [':%s/fish/bird/', 'Enter', 'Go', 'new line', 'Escape'],
    wait: { text: 'new line' },
  });
  expect(replaced).toMatch(/^sent, with keys Enter Escape\noutcome: matched.*\n.*\nnew:\n.*red bird/);
  const left = await agent.ask('send', { session: 'ed', input: [':wq', 'Enter'], wait: { exit: true } });
  expect(left).toMatch(/outcome: exited.*exit code 0/);
  expect(readFileSync(file, 'utf8')).toBe('red bird\nblue bird\nnew line\n');
});

test('dialog: an entry of a menu is chosen by its text', async ({ near }) => {
  needs('dialog');
  const agent = await near();
  const menu = ['--stdout', '--menu', 'Pick', '12', '40', '3', 'a', 'Apple', 'b', 'Banana', 'c', 'Cherry'];
  await agent.ask('spawn', {
    argv: ['sh', '-c', 'dialog "$@" > chosen', 'sh', ...menu],
    name: 'menu',
    wait: { text: 'Cherry' },
  });
  const chosen = await agent.ask('choose', {
    session: 'menu',
    text: 'Banana',
    wait: { exit: true },
    screen: 'none',
  });
  expect(chosen).toMatch(/^chose list_row .* with Down Enter\noutcome: exited.*exit code 0$/);
  const shown = await agent.ask('spawn', { argv: ['cat', 'chosen'], wait: { exit: true } });
  expect(shown).toMatch(/0│b$/);
});

test('python: define, loop, an error, and on', async ({ near }) => {
  needs('python3');
  const agent = await near();
  await agent.ask('spawn', { argv: ['python3', '-q'], name: 'py', wait: { prompt: true } });
  const exec = (command: string) => agent.ask('exec', { session: 'py', command });
  expect(await exec('def double(n):\n    return 2 * n\n\nfor n in range(3): print(double(n))')).toMatch(
    /^no error.*\n0\n2\n4$/,
  );
  expect(await exec('1 / 0')).toMatch(/^an error.*\nstderr:\n[\s\S]*ZeroDivisionError/);
  expect(await exec('double(21)')).toMatch(/\n42$/);
  const asked = await agent.ask('send', {
    session: 'py',
    input: ["input('Who? ')", 'Enter'],
    wait: { text: 'Who?' },
  });
  expect(asked).toMatch(/│Who\?$/);
  expect(await agent.ask('send', { session: 'py', input: ['Bob', 'Enter'], wait: { prompt: true } })).toMatch(
    /│'Bob'\n\d+│>>>$/,
  );
});

test('git add -p: three hunks, the second left out', async ({ near, pilotty }) => {
  needs('git');
  const git = (...words: string[]) =>
    execFileSync('git', ['-c', 'user.name=n', '-c', 'user.email=e', ...words], {
      cwd: pilotty.home,
      env: pilotty.env,
    });
  const lines = Array.from({ length: 60 }, (_, index) => `${index}`);
  git('init', '-q');
  writeFileSync(join(pilotty.home, 'f'), lines.join('\n'));
  git('add', 'f');
  git('commit', '-qm', 'one');
  for (const index of [5, 30, 55]) lines[index] = `changed ${index}`;
  writeFileSync(join(pilotty.home, 'f'), lines.join('\n'));
  const agent = await near();
  const first = await agent.ask('spawn', { argv: ['git', 'add', '-p'], name: 'git', wait: { prompt: true } });
  expect(first).toMatch(/\+changed 5\n[\s\S]*\(1\/3\)/);
  const answer = (word: string, hunk: string) =>
    agent.ask('send', {
      session: 'git',
      input: [word, 'Enter'],
      if_text: hunk,
      wait: { prompt: true, exit: true, any: true },
    });
  expect(await answer('y', '(1/3)')).toMatch(/\+changed 30\n[\s\S]*\(2\/3\)/);
  expect(await answer('n', '(2/3)')).toMatch(/\+changed 55\n[\s\S]*\(3\/3\)/);
  expect(await answer('y', '(3/3)')).toMatch(/outcome: .*exit code 0/);
  expect(
    git('diff', '--cached')
      .toString()
      .match(/^\+changed \d+/gm),
  ).toEqual(['+changed 5', '+changed 55']);
});

test('a program on pipes is written to, and what it writes to stderr is told apart', async ({ near }) => {
  const agent = await near();
  const script = 'while read -r line; do echo "got $line"; echo "no $line" >&2; done; echo over';
  await agent.ask('spawn', { argv: ['sh', '-c', script], name: 'p', pipe: true });
  await agent.ask('send', {
    session: 'p',
    input: ['one', 'Enter', 'two', 'Enter'],
    eof: true,
    wait: { exit: true },
  });
  expect(await agent.ask('wait', { session: 'p', text: 'no two', stream: 'stderr' })).toMatch(
    /^outcome: matched/,
  );
  expect(await agent.ask('wait', { session: 'p', text: 'no two', stream: 'stdout' })).toMatch(
    /^outcome: exited, not met: text/,
  );
  expect(await agent.ask('output', { session: 'p' })).toMatch(
    /has ended: exit code 0\]\ngot one\ngot two\nover\nstderr:\nno one\nno two$/,
  );
});
