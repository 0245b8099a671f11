/** The shell that asks how terminals are set: it tells what is so now, in order, and holds nobody's terminal. */
import { tmpdir } from 'node:os';
import { afterEach, expect, test } from 'vitest';
import { SttyHelper } from '../../packages/daemon/src/processes/stty-helper.ts';
import { Pty } from '../../packages/daemon/src/pty/pty.ts';
import { openFiles } from '../harness/open-files.ts';
import { isAlive } from '../harness/processes.ts';
import { PATH } from '../harness/programs.ts';
import { until } from '../harness/until.ts';

const ptys: Pty[] = [];
const helpers: SttyHelper[] = [];

function helper(): SttyHelper {
  const made = new SttyHelper();
  helpers.push(made);
  return made;
}

/** A terminal whose program sets it by the names it is sent. */
async function terminal(): Promise<{ pty: Pty; set(name: string): Promise<void> }> {
  let printed = '';
  const pty = new Pty(
    {
      argv: ['/bin/sh', '-c', 'echo begun; while read x; do stty "$x"; echo "set $x"; done'],
      cwd: tmpdir(),
      env: { PATH },
      cols: 80,
      rows: 24,
    },
    {
      output: (bytes) => {
        printed += bytes.toString();
      },
      exit: () => {},
    },
  );
  ptys.push(pty);
  await until('it runs', () => printed.includes('begun'));
  return {
    pty,
    async set(name) {
      printed = '';
      pty.write(Buffer.from(`${name}\n`));
      await until(`${name} is set`, () => printed.includes(`set ${name}`));
    },
  };
}

const words = (answer: string) => answer.split(/[\s;]+/);

afterEach(() => {
  for (const { pid } of [...ptys.splice(0), ...helpers.splice(0)]) if (pid) process.kill(pid, 'SIGKILL');
});

test('each answer is as the terminal is after it was asked', async () => {
  const stty = helper();
  const { pty, set } = await terminal();
  for (const name of ['-echo', 'echo', '-opost', 'opost', '-echo', 'echo']) {
    await set(name);
    expect(words(await stty.ask(pty.terminalPath))).toContain(name);
  }
});

test('many questions at once are answered in their order, and what is no terminal tells nothing', async () => {
  const stty = helper();
  const [shown, hidden] = [await terminal(), await terminal()];
  await hidden.set('-echo');
  const answers = await Promise.all(
    Array.from({ length: 300 }, (_, i) => [
      stty.ask(shown.pty.terminalPath),
      stty.ask(hidden.pty.terminalPath),
      stty.ask(`/dev/pts/none-${i}`),
    ]).flat(),
  );
  const told = answers.map((answer) => words(answer).find((word) => /^-?(?:echo)$/.test(word)));
  expect(told).toEqual(Array.from({ length: 300 }, () => ['echo', '-echo', undefined]).flat());
});

test('one that has ended answers all that was asked, and the next question starts another', async () => {
  const stty = helper();
  const { pty } = await terminal();
  await stty.ask(pty.terminalPath);
  const first = stty.pid ?? 0;
  process.kill(first, 'SIGSTOP');
  const asked = [stty.ask(pty.terminalPath), stty.ask(pty.terminalPath)];
  process.kill(first, 'SIGKILL');
  expect(await Promise.all(asked)).toEqual(['', '']);
  expect(words(await stty.ask(pty.terminalPath))).toContain('icanon');
  expect(stty.pid).not.toBe(first);
});

test.runIf(process.platform === 'linux')('it has no terminal open but its own', async () => {
  const stty = helper();
  const { pty } = await terminal();
  await stty.ask(pty.terminalPath);
  const open = [...openFiles(stty.pid ?? 0).values()];
  expect(new Set(open.filter((path) => /ptmx|pts/.test(path))).size).toBe(1);
  expect(open).not.toContain(pty.terminalPath);
});

test('one that is released keeps nothing running, but answers first what was asked', async () => {
  const stty = helper();
  const { pty } = await terminal();
  const asked = stty.ask(pty.terminalPath);
  stty.release();
  expect(words(await asked)).toContain('icanon');
  const pid = stty.pid ?? 0;
  stty.release();
  expect(stty.pid).toBeUndefined();
  await until('it has ended', () => !isAlive(pid));
  expect(words(await stty.ask(pty.terminalPath))).toContain('icanon');
});
