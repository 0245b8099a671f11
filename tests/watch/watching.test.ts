/** `pilotty watch` in the terminal of a session: what its user sees, and how the terminal is left. */
import { readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import type { Client } from '../../packages/client/src/index.ts';
import { createLocalClient } from '../../packages/client/src/node.ts';
import { runInProcess } from '../cli/in-process.ts';
import { test as base, builtProgram, type Pilotty } from '../harness/pilotty.ts';
import { until } from '../harness/until.ts';

interface Options {
  words?: string[];
  size?: { cols: number; rows: number };
  env?: Record<string, string>;
  /** Stands before `pilotty watch` in the shell. */
  before?: string;
}

/** The terminal in which `watch` runs. */
class Watcher {
  readonly #client: Client;
  readonly #pidFile: string;

  constructor(client: Client, pidFile: string) {
    this.#client = client;
    this.#pidFile = pidFile;
  }

  /** The screen, once it shows all of these. */
  async sees(...texts: (string | RegExp)[]): Promise<string> {
    let last = '';
    await until(
      `the screen to show ${texts.join(' and ')}`,
      async () => {
        last = await this.screen();
        return texts.every((text) => (typeof text === 'string' ? last.includes(text) : text.test(last)));
      },
      { lastSeen: () => `\n${last}` },
    );
    return last;
  }

  async screen(): Promise<string> {
    const { text = '' } = await this.#client.request('session.snapshot', { session: 'watcher' });
    return text;
  }

  async styled() {
    const params = { session: 'watcher', format: 'compact', styles: true } as const;
    return (await this.#client.request('session.snapshot', params)).lines ?? [];
  }

  async type(text: string): Promise<void> {
    await this.#client.request('session.type', { session: 'watcher', text });
  }

  async press(keys: string): Promise<void> {
    await this.#client.request('session.key', { session: 'watcher', keys });
  }

  async resize(cols: number, rows: number): Promise<void> {
    await this.#client.request('session.resize', { session: 'watcher', cols, rows });
  }

  /** All that was written to the terminal, as it was. */
  async written(): Promise<string> {
    let bytes = '';
    await this.#client.request(
      'session.output',
      { session: 'watcher', format: 'ansi' },
      {
        onEvent: ({ output_base64: part = '' }) => {
          bytes += Buffer.from(part, 'base64').toString();
        },
      },
    );
    return bytes;
  }

  /** Of watch, which shows something. */
  get pid(): number {
    return Number(readFileSync(this.#pidFile, 'utf8'));
  }

  /** How the terminal is, once watch has ended: it says its exit code then. */
  async left(exitCode: number): Promise<void> {
    // The shell has compared them.
    await this.sees(`watch ended with ${exitCode}`, 'settings are as they were');
    const status = await this.#client.request('session.status', { session: 'watcher' });
    expect(status.modes).toEqual({});
    expect(status.alternate_screen).toBeUndefined();
    const { cursor } = await this.#client.request('session.snapshot', { session: 'watcher' });
    expect(cursor.visible).toBe(true);
  }

  /** Put back by what waits beside it, which may be after the shell has seen its end. */
  async isPutBack(): Promise<void> {
    await until('the terminal to be as it was', async () => {
      const { modes, alternate_screen, terminal } = await this.#client.request('session.status', {
        session: 'watcher',
      });
      return Object.keys(modes).length === 0 && !alternate_screen && terminal?.echo && terminal.canonical;
    });
  }
}

/** A daemon for what is watched, so that it can end and the terminal stay. */
const test = base.extend<{ watched: Client; watch(options?: Options): Promise<Watcher> }>({
  watched: async ({ pilotty }, use) => {
    const env = watchedEnv(pilotty);
    const client = createLocalClient({
      ...{ env, cwd: pilotty.home, daemonProgram: builtProgram('pilotty-daemon.cjs') },
    });
    await use(client);
    client.close();
    await pilotty.run('stop', { env });
  },
  watch: async ({ pilotty }, use) => {
    await use(async ({ words = [], size = { cols: 80, rows: 24 }, env = {}, before = '' } = {}) => {
      const command = [process.execPath, builtProgram('pilotty.cjs'), 'watch', ...words].map(quoted);
      const pidFile = join(pilotty.home, 'pid');
      const script = `settings=$(stty -g)
${before} sh -c 'echo $$ >${pidFile}; exec "$@"' sh ${command.join(' ')}
echo "watch ended with $?"
[ "$(stty -g)" = "$settings" ] && echo settings are as they were
read line
fg >/dev/null
exec sleep 1000`;
      const all = { ...watchedEnv(pilotty), ...env };
      await pilotty.spawn('watcher', ['/bin/sh', '-c', script], { env: all, size });
      return new Watcher(pilotty.client, pidFile);
    });
  },
});

function watchedEnv({ env, directory }: Pilotty): Record<string, string> {
  return { ...env, PILOTTY_SOCKET_DIR: join(directory, 'w') };
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** Starts a program whose end the test does not need. */
async function start(client: Client, name: string, script: string, more: object = {}): Promise<void> {
  const env = { PATH: process.env.PATH ?? '', TERM: 'xterm-256color' };
  const argv = ['/bin/sh', '-c', script];
  await client.request('session.spawn', { name, argv, cwd: '/', env, ...more });
}

const WAITS = 'printf "Name? "; read name';

describe('watch', () => {
  test('shows what each session does, those to come and those that end included', async ({
    watched,
    watch,
  }) => {
    await start(watched, 'ask', WAITS);
    await start(watched, 'work', 'while :; do echo still at work; sleep 0.1; done');
    const watcher = await watch();
    await watcher.sees('2 sessions', /\? ask asks: Name\?/, /● work running/, 'still at work');
    await start(watched, 'secret', 'stty -echo; printf "Password: "; read word');
    await watcher.sees('3 sessions', /\? secret asks for a password/, 'Password:');
    await start(watched, 'bad', 'echo it went wrong; exit 3');
    await watcher.sees('4 sessions', /✗ bad ended, exit code 3/, 'it went wrong');
    await watched.request('session.kill', { session: 'work' });
    await watcher.sees(/✓ work ended by SIGTERM/, '2 asking, 1 failed, 1 ended');
    await watcher.press('q');
    await watcher.left(0);
  });

  test('names, patterns and tags choose; one that had ended is shown where it is named', async ({
    watched,
    watch,
  }) => {
    await start(watched, 'old', 'exit 1');
    await start(watched, 'older', 'exit 1');
    await watched.request('sessions.wait', { sessions: ['old', 'older'], exit: true, all: true });
    await start(watched, 'build-1', WAITS);
    await start(watched, 'other', WAITS);
    const watcher = await watch({ words: ['old', 'build-*', '--tag', 'ci'] });
    await watcher.sees('old build-* #ci', '2 sessions', /✗ old /, /build-1 /);
    await start(watched, 'build-2', WAITS);
    await start(watched, 'tests', WAITS, { tags: ['ci'] });
    const screen = await watcher.sees('4 sessions', /build-2 /, /tests /);
    expect(screen).not.toMatch(/older|other/);
    await watcher.press('q');
    await watcher.left(0);
  });

  test('keys enlarge, list, filter, sort and kill, which asks first', async ({ watched, watch }) => {
    await start(watched, 'one', `printf '\\033[31mred\\033[m text\\n'; seq 30 | tr '\\n' ' '; ${WAITS}`);
    await start(watched, 'two', WAITS);
    await start(watched, 'three', WAITS);
    const watcher = await watch({ size: { cols: 100, rows: 30 } });
    await watcher.sees(/▸\? one/, /two asks/, /three asks/);
    await watcher.press('Down');
    await watcher.sees(/▸\? two/);
    await watcher.type('s');
    await watcher.sees('by name', /▸\? two/);
    await watcher.press('Enter');
    await until('only the focused one to be shown', async () => !/one|three/.test(await watcher.screen()));
    await watcher.type('v');
    await watcher.sees(/one +asks/, /▸\? two +asks.*Name\?/);
    await watcher.type('/is:wait thr');
    await watcher.sees('filter: is:wait thr', /▸\? three/);
    await watcher.press('Enter');
    await watcher.type('x');
    await watcher.sees('kill three? y ends it');
    await watcher.type('n');
    await until('it to ask no more', async () => !(await watcher.screen()).includes('kill three?'));
    await watcher.type('xy');
    await watcher.sees('three was ended', "No session fits the filter 'is:wait thr'");
    await watcher.press('Escape');
    await watcher.sees(/✓ three/, /two/);
    const { sessions } = await watched.request('session.list', {});
    expect(sessions.map(({ name }) => name)).toEqual(['one', 'two']);
    await watcher.type('?');
    await watcher.sees('kill it (asks first)');
    await watcher.press('Ctrl+C');
    await watcher.left(0);
  });

  test('miniatures have the colors and the characters of the programs, at any size', async ({
    watched,
    watch,
  }) => {
    const line = String.raw`\033[1;31mred\033[m \033[48;2;1;2;3mback\033[m 日本 👨‍👩‍👧 e\314\201 x`;
    await start(watched, 'one', `printf '${line}'; read name`);
    const watcher = await watch();
    await watcher.sees('x', /waiting for input/);
    const spans = (await watcher.styled())[2]?.filter(({ text }) => text.trim() !== '');
    expect(spans?.map(({ text, fg, bg, bold }) => [text, fg, bg, bold])).toEqual([
      ['red', 1, undefined, true],
      ['back', undefined, '#010203', undefined],
      [' 日本 👨‍👩‍👧 e\u0301 x', undefined, undefined, undefined],
    ]);
    await watcher.resize(250, 70);
    const large = (await watcher.sees(/\n q quit .* v view/)).split('\n');
    expect(large).toHaveLength(70);
    await watcher.resize(30, 5);
    await until('the smaller size', async () => (await watcher.screen()).split('\n').length === 5);
    await watcher.sees(/one/, /red back 日本 👨‍👩‍👧 e\u0301 x/);
    await watcher.press('q');
    await watcher.left(0);
  });

  test('nothing that a program says reaches the terminal as a command; without color there is none', async ({
    watched,
    watch,
  }) => {
    const title = String.raw`\033]2;ti\302\233tle\342\200\256\007`;
    const text = String.raw`\302\23331mA\342\200\256B\033[32mgreen\033[m\016\177\007`;
    await start(watched, 'one', `printf '${title}${text}end'; read name; printf '\\007'; read name`);
    const watcher = await watch({ env: { NO_COLOR: '1' } });
    await watcher.sees('end', 'waiting for input');
    await watched.request('session.type', { session: 'one', text: 'x', enter: true });
    await watcher.sees('(bell)');
    await watcher.press('q');
    await watcher.left(0);
    const written = await watcher.written();
    const ours = /\x1b\[(?:\?(?:1049|25|7|2004|2026)[hl]|[\d;]*[mGH]|2J)/g;
    const rest = written.replaceAll(ours, '').replaceAll('\r\n', '');
    expect(rest).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
    const looks = [...written.matchAll(/\x1b\[([\d;]*)m/g)].flatMap(([, look = '']) => look.split(';'));
    expect(looks.filter((parameter) => Number(parameter) >= 30)).toEqual([]);
  });

  test('attaches to a session, and comes back from it', async ({ watched, watch }) => {
    await start(watched, 'one', `${WAITS}; echo "hello $name"; read name`);
    const watcher = await watch();
    await watcher.sees(/▸. one asks: Name\?/);
    await watcher.type('a');
    await until('the session to have the terminal', async () => !(await watcher.screen()).includes('q quit'));
    await watcher.sees('Name?');
    await watcher.type('Ada');
    await watcher.press('Enter');
    await watcher.sees('hello Ada');
    await watcher.press('Ctrl+\\ d');
    await watcher.sees(/▸. one/, 'hello Ada', 'q quit');
    await watcher.press('q');
    await watcher.left(0);
  });

  test('its own terminal is not among what it shows', async ({ pilotty, watch }) => {
    const watcher = await watch({ env: pilotty.env });
    await watcher.sees('No session yet.');
    await start(pilotty.client, 'other', WAITS);
    await watcher.sees('1 session:', /other/);
    await watcher.press('q');
    await watcher.left(0);
  });
});

describe('the terminal is left as it was found', () => {
  test('by SIGTERM, SIGHUP, SIGINT and SIGQUIT', async ({ pilotty, watched, watch }) => {
    await start(watched, 'one', WAITS);
    for (const [signal, code] of [
      ['SIGTERM', 143],
      ['SIGHUP', 129],
      ['SIGINT', 130],
      ['SIGQUIT', 131],
    ] as const) {
      const watcher = await watch();
      await watcher.sees(/▸. one/);
      process.kill(watcher.pid, signal);
      await watcher.left(code);
      await pilotty.client.request('session.kill', { session: 'watcher' });
    }
  });

  test('by SIGKILL, after which nothing of watch runs any more', async ({ watched, watch }) => {
    await start(watched, 'one', WAITS);
    const watcher = await watch();
    await watcher.sees(/▸. one/);
    process.kill(watcher.pid, 'SIGKILL');
    await watcher.isPutBack();
  });

  test('when the daemon is stopped', async ({ watched, watch }) => {
    await start(watched, 'one', WAITS);
    const watcher = await watch();
    await watcher.sees(/▸. one/);
    await watched.request('daemon.stop', {});
    await watcher.left(6);
    // Which of them depends on what was asked of it last.
    await watcher.sees(/the daemon has ended|The daemon is stopping/);
  });

  test('when the daemon is killed', async ({ watched, watch }) => {
    await start(watched, 'one', 'exec sleep 1000');
    const watcher = await watch();
    await watcher.sees(/▸. one/);
    const { pid } = await watched.request('daemon.info', {});
    process.kill(pid, 'SIGKILL');
    await watcher.left(6);
    await watcher.sees('error: ');
  });

  test('by an error that nothing catches', async ({ pilotty, watched, watch }) => {
    const hook = join(pilotty.home, 'throw.cjs');
    writeFileSync(hook, "process.on('SIGUSR2', () => { throw new Error('boom'); });");
    await start(watched, 'one', WAITS);
    const watcher = await watch({ before: `NODE_OPTIONS='--require ${hook}'` });
    await watcher.sees(/▸. one/);
    process.kill(watcher.pid, 'SIGUSR2');
    await watcher.sees('Error: boom');
    await watcher.left(1);
  });

  test('while it is stopped, and it draws all of it anew when it goes on', async ({ watched, watch }) => {
    await start(watched, 'one', WAITS);
    // A shell with job control, to which Ctrl+Z gives the terminal back.
    const watcher = await watch({ before: 'set -m;' });
    await watcher.sees(/▸. one/);
    await watcher.press('Ctrl+Z');
    // 128 and the number of SIGTSTP.
    await watcher.left(128 + constants.signals.SIGTSTP);
    await watcher.press('Enter');
    await watcher.sees(/▸. one/, 'q quit');
    await watcher.press('q');
    await until('the screen before it', async () => !(await watcher.screen()).includes('q quit'));
  });

  test('and untouched where a name is of no session', async ({ watched, watch }) => {
    await start(watched, 'one', WAITS);
    const watcher = await watch({ words: ['nosuch'] });
    await watcher.left(5);
    expect(await watcher.written()).not.toContain('\x1b[?1049h');
  });
});

describe('without a terminal', () => {
  base.for([
    [['watch'], { isTty: false }, 'stdout is not a terminal'],
    [['watch'], { isTty: true }, 'stdin is not a terminal'],
    [['watch', '--json'], { isTty: true }, 'has no JSON'],
  ] as const)('%j says what to use instead (%j)', async ([words, around, message]) => {
    const { code, stdout, stderr, requests } = await runInProcess([...words], around);
    expect({ code, stdout, requests }).toEqual({ code: 2, stdout: '', requests: [] });
    expect(stderr).toContain(message);
    expect(stderr).toContain("'pilotty list-sessions' and 'pilotty events'");
  });
});
