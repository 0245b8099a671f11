/** The kit in this runner: what its parts promise, on small programs. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { leftOver } from '../../apps/testing/src/left-over.ts';
import { builtProgram } from '../harness/pilotty.ts';
import { program } from '../harness/programs.ts';
import { runFile } from '../harness/run-file.ts';
import { until } from '../harness/until.ts';
import { expectScreen, launch, matrix, ScreenAssertionError } from './built.ts';
import { temporaryDirectory } from './temporary-directory.ts';

type Launched = Awaited<ReturnType<typeof launch>>;
type LaunchOptions = NonNullable<Parameters<typeof launch>[1]>;

const screens: Launched[] = [];
afterEach(async () => {
  for (const screen of screens.splice(0)) await screen.close();
});

async function sh(script: string, options: LaunchOptions = {}): Promise<Launched> {
  const directory = temporaryDirectory();
  const places = { testFile: join(directory, 'some.test.ts'), traceDirectory: join(directory, 'traces') };
  // A busy machine is slow; what is never shown is asked for with a time of its own.
  const screen = await launch('sh', { args: ['-c', script], timeout: 45_000, ...places, ...options });
  screens.push(screen);
  return screen;
}

async function failureOf(assertion: Promise<void>): Promise<InstanceType<typeof ScreenAssertionError>> {
  const error = await assertion.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(error instanceof ScreenAssertionError)) throw new Error(`no failed assertion, but ${error}`);
  return error;
}

describe('a launch', () => {
  test('has a directory and an environment of its own, and files in them', async () => {
    const screen = await sh(
      'cat notes.txt ~/.rc; env | cut -d= -f1 | sort | tr "\\n" " "; echo "[$PWD]" "[$NO_COLOR]"; cat',
      {
        files: { 'notes.txt': 'a note\n', '~/.rc': 'a setting\n' },
        color: 'none',
        cols: 200,
      },
    );
    await expectScreen(screen).toShow(`[${screen.cwd}] [1]`);
    expect((await screen.text()).split('\n').slice(0, 3)).toEqual([
      'a note',
      'a setting',
      'COLORTERM HOME LANG LC_ALL NO_COLOR PATH PILOTTY PILOTTY_SESSION PILOTTY_STATE_KEY PWD SHELL TERM TMPDIR TZ ' +
        `[${screen.cwd}] [1]`,
    ]);
  });

  test('ends what it has started, also what has left the terminal, and leaves nothing', async () => {
    const screen = await sh('setsid sh -c "sleep 1000 & wait" >/dev/null 2>&1 & echo started; cat');
    await expectScreen(screen).toShow('started');
    const directory = join(screen.home, '..');
    await screen.close();
    expect({ left: leftOver(directory), exists: existsSync(directory) }).toEqual({ left: [], exists: false });
  });

  test('leaves nothing where the process ends without closing it', async () => {
    const script = `import { launch } from ${JSON.stringify(builtProgram('sdk/testing.mjs'))};
      const screen = await launch('cat');
      console.log(screen.home);
      process.exit(0);`;
    const { stdout } = await runFile(process.execPath, ['--input-type=module', '-e', script]);
    const home = stdout.trim();
    expect({ isPath: home.endsWith('/home'), exists: existsSync(dirname(home)) }).toEqual({
      isPath: true,
      exists: false,
    });
    await until('its program to be gone', () => leftOver(dirname(home)).length === 0);
  });

  test('refuses a file outside of its directory, with nothing left behind', async () => {
    await expect(sh('cat', { files: { '../../../x': '' } })).rejects.toThrow(
      /outside of the test's directory/,
    );
  });
});

describe('an assertion', () => {
  test('waits for what is not there yet, and fails with the screen, what happened, and a trace', async () => {
    const screen = await sh('read line; echo "got $line"; cat', { timeout: 300, title: 'a title' });
    await screen.type('hello', { enter: true });
    await expectScreen(screen).toShow('got hello');
    const error = await failureOf(expectScreen(screen).toShow('farewell'));
    expect(error.message).toContain('expect(screen).toShow("farewell") failed: not shown within 300 ms');
    expect(error.message).toMatch(/│got hello +│/);
    expect(error.message).toContain('type "hello", Enter');
    expect(error.stack).toContain('kit.test.ts');
    await screen.close();
    expect(readFileSync(error.trace ?? '', 'utf8')).toContain('a title');
  });

  test('that something is not shown waits until the program has processed what was sent', async () => {
    const screen = await sh('stty -echo; echo ready; read line; sleep 0.3; echo "late $line"; cat');
    await expectScreen(screen).toShow('ready');
    await screen.type('answer', { enter: true });
    const error = await failureOf(expectScreen(screen).not.toShow('late answer', { timeout: 3000 }));
    expect(error.message).toContain('.not.toShow("late answer") failed: shown within 3000 ms');
  });

  test('knows styles, the cursor and the end', async () => {
    const screen = await sh('printf "\\033[1;31mbold\\033[0m plain\\n"; read line; exit 3');
    await expectScreen(screen).toHaveStyle('bold', { bold: true, fg: 'red', bg: 'default' });
    await expectScreen(screen).toHaveStyle('plain', { bold: false });
    await expectScreen(screen).not.toHaveStyle('plain', { fg: 'red' });
    await expectScreen(screen).toShow(screen.getByStyle({ fg: 'red' }));
    expect(await screen.getByStyle({ fg: 'red' }).textContent()).toBe('bold');
    await expectScreen(screen).toHaveCursor({ row: 1, col: 0, visible: true });
    await expectScreen(screen).not.toHaveExited();
    const running = await failureOf(expectScreen(screen).toHaveExited({}, { timeout: 300 }));
    expect(running.message).toContain('.toHaveExited() failed: the program did not end within 300 ms');
    await screen.key('Enter');
    await expectScreen(screen).toHaveExited(3);
    const otherCode = await failureOf(expectScreen(screen).toHaveExited(0));
    expect(otherCode.message).toContain('.toHaveExited(0) failed: it ended with exit code 3\n');
    const sameCode = await failureOf(expectScreen(screen).not.toHaveExited(3));
    expect(sameCode.message).toContain('.not.toHaveExited(3) failed: it ended with exit code 3\n');
    const error = await failureOf(expectScreen(screen).toShow('more'));
    expect(error.message).toContain('not shown before the program ended with exit code 3');
  });

  test('refuses what is no screen, and a style that there is not', async () => {
    expect(() => expectScreen('text' as never)).toThrow(/takes a screen/);
    const screen = await sh('cat');
    await expect(expectScreen(screen).toHaveStyle('x', { colour: 'red' } as never)).rejects.toThrow(
      /no style/,
    );
    await expect(expectScreen(screen).toHaveStyle('x', { fg: 'pink' as never })).rejects.toThrow(/no colour/);
  });
});

/** What the runner was asked to do with snapshots, as the kit finds it. */
function snapshots(): { _updateSnapshot: string } {
  return (expect.getState() as unknown as { snapshotState: { _updateSnapshot: string } }).snapshotState;
}

describe('a golden', () => {
  // As where neither the machine is CI nor the runner was given an option.
  let asked = '';
  beforeEach(() => {
    vi.stubEnv('CI', '');
    asked = snapshots()._updateSnapshot;
    snapshots()._updateSnapshot = 'new';
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    snapshots()._updateSnapshot = asked;
  });

  test('is written once, holds, and is not compared where it is masked', async () => {
    const script = (id: string) => `printf "id: ${id}\\n\\033[7mmenu\\033[0m\\n"; cat`;
    const testFile = join(temporaryDirectory(), 'one.test.ts');
    for (const kind of ['text', 'styled', 'svg'] as const) {
      for (const id of ['a1', 'b2']) {
        const screen = await sh(script(id), { testFile, timeout: 1000 });
        const mask = [screen.getByText(/[ab]\d/), { row: 5, col: 3, width: 4, height: 1 }];
        await expectScreen(screen).toShow('menu');
        await expectScreen(screen).toMatchScreen('the menu', { as: kind, mask });
      }
    }
    const screen = await sh(script('a1'), { testFile, timeout: 300 });
    const error = await failureOf(expectScreen(screen).toMatchScreen('the menu'));
    expect(error.message).toContain('- id: ░░\n+ id: a1');
    const golden = join(testFile, '../__screens__/one.test.ts/the-menu.styled.txt');
    expect(readFileSync(golden, 'utf8')).toContain('  1│menu\n   ╰ 0-3 inverse\n');
  });

  test('has the same path of the directory in every run', async () => {
    const testFile = join(temporaryDirectory(), 'two.test.ts');
    for (let run = 0; run < 2; run++) {
      const screen = await sh('pwd; cat', { testFile, timeout: 1000 });
      await expectScreen(screen).toShow('/home/work');
      await expectScreen(screen).toMatchScreen('directory');
    }
  });

  test('whose name was made up belongs to one launch', async () => {
    const testFile = join(temporaryDirectory(), 'three.test.ts');
    const [one, other] = [
      await sh('cat', { testFile, title: 't' }),
      await sh('cat', { testFile, title: 't' }),
    ];
    await expectScreen(one).toMatchScreen();
    await expect(expectScreen(other).toMatchScreen()).rejects.toThrow(/two launches are called 't'/);
  });
});

describe('a matrix', () => {
  test('has a case for each combination, each with its own title', () => {
    const cases = matrix({
      sizes: ['80x24', { cols: 40, rows: 10 }],
      term: ['xterm', 'vt100'],
      color: ['none'],
    });
    expect(cases.map(({ title }) => title)).toEqual([
      '80x24 xterm none',
      '80x24 vt100 none',
      '40x10 xterm none',
      '40x10 vt100 none',
    ]);
    expect(cases[3]).toEqual({ title: '40x10 vt100 none', cols: 40, rows: 10, term: 'vt100', color: 'none' });
  });

  test('refuses a list that is empty, and a size that is none', () => {
    expect(() => matrix({ term: [] })).toThrow(/'term' is empty/);
    expect(() => matrix({ sizes: ['80×24' as never] })).toThrow(/is no size/);
  });
});

describe('faults', () => {
  const faults = matrix({
    faults: {
      'single bytes': { output: 'bytes', input: 'bytes' },
      'random cuts': { output: 'random', input: 'random', seed: 7 },
      'a slow terminal': { bytes_per_second: 2000 },
      resizes: { resizes: 5 },
    },
  });
  test.each(faults)('$title: nothing is lost, and nothing is out of order', async (options) => {
    const screen = await sh('seq 1 200; read line; echo "got $line"; seq 201 220; exit 4', options);
    await expectScreen(screen).toShow(/^200$/);
    await screen.type('some words', { enter: true });
    await expectScreen(screen).toHaveExited(4);
    const { output } = await screen.session.output();
    const numbers = Array.from({ length: 220 }, (_, index) => String(index + 1));
    expect(output.trim().split('\n')).toEqual([
      ...numbers.slice(0, 200),
      'some words',
      'got some words',
      ...numbers.slice(200),
    ]);
  });

  test('an arrow key comes in pieces, and is whole when they are put together', async () => {
    const [file = '', ...args] = program('echo-keys.cjs', '?1h');
    const screen = await sh('', {});
    await screen.close();
    const split = await launch(file, { args, faults: { input: 'bytes' }, trace: 'off' });
    screens.push(split);
    await expectScreen(split).toShow('ready');
    await split.key('Up');
    await expectScreen(split).toShow('41');
    expect(await split.text()).not.toContain('1b4f41');
  });

  test('a query is not answered', async () => {
    const script =
      'stty raw -echo min 0 time 5; printf "\\033[c"; answer=$(dd bs=1 count=1 2>/dev/null | wc -c); echo "bytes: $answer"; sleep 100';
    const silent = await sh(script, { faults: { unanswered: true } });
    const usual = await sh(script);
    await expectScreen(silent).toShow('bytes: 0');
    await expectScreen(usual).toShow('bytes: 1');
  });
});

test('a trace shows the end of a log file, and says where it has none', async () => {
  const screen = await sh('echo shown; cat', {
    logs: ['app.log', 'none.log'],
    files: { 'app.log': 'x'.repeat(300_000) },
  });
  await expectScreen(screen).toShow('shown');
  writeFileSync(screen.pathOf('app.log'), `${'x'.repeat(300_000)}the end`);
  const page = readFileSync(await screen.saveTrace(), 'utf8');
  expect(page).toContain('xthe end');
  expect(page).toContain('bytes before these are left out');
  expect(page).toContain('no such file');
});
