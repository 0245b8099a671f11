/** A person joins a session: their terminal shows what the session's does, and is left as it was found. */
import { expect } from 'vitest';
import { processTest as test } from '../harness/pilotty.ts';
import { missing, needs, pathOf, program } from '../harness/programs.ts';
import { until } from '../harness/until.ts';
import { OuterTerminal } from './outer-terminal.ts';

const DETACH = '\x1cd';
const SIZE = { cols: 90, rows: 30 };

test('full-screen programs look the same from outside, and the terminal is as before afterwards', async ({
  pilotty,
}) => {
  needs('vim', 'less');
  await pilotty.spawn('inner', ['/bin/sh', '-i'], { env: { ...pilotty.env, PS1: '$ ' } });
  const outer = await OuterTerminal.open(pilotty, { size: SIZE });
  await outer.type('echo before\r');
  await outer.shows('\nbefore');
  const before = await outer.status();
  await outer.attach('inner');
  await outer.equals('inner');

  await outer.type('vim -N -u NONE -c "set mouse=a" /etc/passwd\r');
  await outer.shows('root:');
  await outer.equals('inner');
  await outer.type('ihello \x1b');
  await outer.shows('hello');
  await outer.equals('inner');
  await outer.type(':q!\r');
  await until(
    'vim to end',
    async () => !(await pilotty.client.request('session.status', { session: 'inner' })).alternate_screen,
  );
  await outer.equals('inner');
  await outer.type('less /etc/services\r');
  await outer.shows('/etc/services');
  await outer.equals('inner');
  await outer.type(' ');
  await outer.equals('inner');
  await outer.type('q');
  await outer.equals('inner');

  await outer.type(DETACH);
  await outer.isLeft();
  await outer.shows('[left inner; it goes on]');
  expect(await outer.screen()).toContain('before');
  expect((await outer.status()).modes).toEqual(before.modes);
  const { size, attached } = await pilotty.client.request('session.status', { session: 'inner' });
  expect({ size, attached }).toEqual({ size: { cols: 80, rows: 24 }, attached: [] });
});

test('htop looks the same from outside', async ({ pilotty }) => {
  if (pathOf('htop') === undefined) missing('htop not found');
  await pilotty.spawn('inner', ['htop', '-d', '100']);
  const outer = await OuterTerminal.open(pilotty, { size: SIZE });
  await outer.attach('inner');
  await outer.shows('F10Quit');
  await outer.equals('inner');
  await outer.type('q');
  await outer.shows('[inner ended: exit code 0]');
});

const TYPED = [
  ['the mouse', ['?1003h', '?1006h'], '\x1b[<35;10;5M', '^[<35;10;5M'],
  ['keys of kitty', ['>31u'], '\x1b[97;5:1u\x1b[97;5:3u', '^[97;5:1u^[97;5:3u'],
  [
    'pastes in brackets, the keys that leave among them',
    ['?2004h'],
    `\x1b[200~a${DETACH}\x1b[201~`,
    '^[200~a<28>d^[201~',
  ],
  ['arrows of the application', ['?1h'], '\x1bOA', '^OA'],
  ['the first of the keys that leave, where another follows', [], '\x1c\x0e', '<28><14>'],
] as const;

test('what is typed reaches the program as it is', async ({ pilotty }) => {
  const outer = await OuterTerminal.open(pilotty, { size: SIZE });
  for (const [index, [, modes, typed, received]] of TYPED.entries()) {
    const inner = `inner-${index}`;
    await pilotty.spawn(inner, program('modes.cjs', ...modes));
    await outer.attach(inner);
    await outer.shows('listening');
    await outer.equals(inner);
    await outer.type(typed);
    await outer.shows(received);
    await outer.equals(inner);
    await outer.type(DETACH);
    await outer.isLeft();
    expect((await outer.status()).modes).toEqual({});
  }
});

test('focus is reported only by a person who has typed', async ({ pilotty }) => {
  await pilotty.spawn('inner', program('modes.cjs', '?1004h'));
  await pilotty.run('wait-for', '-s', 'inner', 'listening');
  const outer = await OuterTerminal.open(pilotty, { size: SIZE });
  await outer.attach('inner');
  await outer.equals('inner');
  await outer.type('\x1b[O');
  await outer.type('x');
  await outer.shows('x');
  await outer.type('\x1b[I');
  await outer.shows('x^[I');
});

test("a program that asks its terminal has one answer, the daemon's", async ({ pilotty }) => {
  await pilotty.spawn('inner', [
    '/bin/sh',
    '-c',
    'stty raw -echo; read -r go; printf "\\033[c\\033[6n"; exec cat -v',
  ]);
  const outer = await OuterTerminal.open(pilotty, { size: SIZE });
  await outer.attach('inner');
  await outer.type('\n');
  await outer.shows('R');
  await outer.type('end');
  await outer.shows('end');
  const answers = (await outer.screen()).match(/\^\[\[/g);
  expect(answers).toHaveLength(2);
});

test('the session follows the window, and gets back the size it had', async ({ pilotty }) => {
  await pilotty.spawn('inner', ['/bin/sh', '-i']);
  const sizeOf = async () => (await pilotty.client.request('session.status', { session: 'inner' })).size;
  const outer = await OuterTerminal.open(pilotty, { size: SIZE });
  await outer.attach('inner');
  expect(await sizeOf()).toEqual(SIZE);
  await pilotty.client.request('session.resize', { session: 'outer', cols: 70, rows: 20 });
  await until('the session to follow', async () => (await sizeOf()).cols === 70);
  await outer.equals('inner');
  await outer.type(DETACH);
  await outer.isLeft();
  expect(await sizeOf()).toEqual({ cols: 80, rows: 24 });
});

test('of two people the size is that of the one who typed last; the other sees a part, or a frame', async ({
  pilotty,
}) => {
  await pilotty.spawn('inner', ['/bin/sh', '-c', 'stty -echo; printf "%s\\n" shown; exec cat']);
  const sizeOf = async () => (await pilotty.client.request('session.status', { session: 'inner' })).size;
  const small = await OuterTerminal.open(pilotty, { name: 'small', size: { cols: 40, rows: 10 } });
  const large = await OuterTerminal.open(pilotty, { name: 'large', size: SIZE });
  await small.attach('inner');
  await small.equals('inner');
  await large.attach('inner');
  await until('the size of the large one', async () => (await sizeOf()).cols === SIZE.cols);
  await large.equals('inner');
  await small.type('from the small one\r');
  await until('the size of the small one', async () => (await sizeOf()).cols === 40);
  await small.equals('inner');
  await large.shows('from the small one');
  // Its frame, and the end of the line, may be drawn after it.
  let seen: [string, string] = ['', ''];
  await until(
    'the screen of the small one in a frame',
    async () => {
      const shown = (await large.screen()).split('\n').slice(0, 11).join('\n');
      seen = [shown, framed(await small.screen(), 40, 10)];
      return seen[0] === seen[1];
    },
    { lastSeen: () => JSON.stringify(seen, undefined, 1) },
  );
  await small.type(DETACH);
  await small.isLeft();
  await until('the size of the one that is left', async () => (await sizeOf()).cols === SIZE.cols);
  await large.type(DETACH);
  await large.isLeft();
  expect(await sizeOf()).toEqual({ cols: 80, rows: 24 });
});

test('who only looks types nothing and changes no size', async ({ pilotty }) => {
  await pilotty.spawn('inner', ['/bin/sh', '-c', 'echo ready; exec cat'], { size: { cols: 120, rows: 40 } });
  await pilotty.run('wait-for', '-s', 'inner', 'ready');
  const before = await pilotty.client.request('session.status', { session: 'inner' });
  const outer = await OuterTerminal.open(pilotty, { size: SIZE });
  await outer.attach('inner', '--read-only');
  await outer.shows('ready');
  await outer.type('x');
  await outer.shows('read-only: keys are not sent');
  const { size, seq, typed_last } = await pilotty.client.request('session.status', { session: 'inner' });
  expect({ size, seq, typed_last }).toEqual({ size: before.size, seq: before.seq, typed_last: null });
  await outer.type(DETACH);
  await outer.isLeft();
});

test('a status line takes the last row', async ({ pilotty }) => {
  await pilotty.spawn('inner', ['/bin/sh', '-i']);
  const outer = await OuterTerminal.open(pilotty, { size: SIZE });
  await outer.attach('inner', '--status-line');
  const leaves = 'inner | Ctrl+\\ d leaves';
  await outer.shows(leaves);
  const { size } = await pilotty.client.request('session.status', { session: 'inner' });
  expect(size).toEqual({ cols: 90, rows: 29 });
  await outer.type('seq 100\r');
  await outer.shows('\n100');
  let seen: [string[], string] = [[], ''];
  await until(
    'the screen of the session above the status line',
    async () => {
      seen = [(await outer.screen()).split('\n'), await outer.screen('inner')];
      return seen[0].slice(0, 29).join('\n') === seen[1] && seen[0].at(-1)?.includes(leaves);
    },
    { lastSeen: () => JSON.stringify(seen, undefined, 1) },
  );
  const left = new AbortController();
  const { signal } = left;
  pilotty.client.request('session.attach', { session: 'inner', read_only: true }, { signal }).catch(() => {});
  await until('the one who only looks, in the status line', async () =>
    /inner \| with \S+\[\d+\] \(looks only\) \| Ctrl\+\\ d leaves$/.test(await outer.screen()),
  );
  left.abort();
  await outer.shows(leaves);
});

test('SIGTERM, SIGHUP and SIGKILL leave the terminal as it was found', async ({ pilotty }) => {
  await pilotty.spawn('inner', program('modes.cjs', '?1003h', '?1006h', '?2004h', '>1u', '?25l'));
  await pilotty.run('wait-for', '-s', 'inner', 'listening');
  const outer = await OuterTerminal.open(pilotty, { size: SIZE });
  const before = await outer.status();
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGKILL'] as const) {
    await outer.attach('inner');
    await outer.equals('inner');
    const { foreground } = await outer.status();
    process.kill(foreground?.pid ?? 0, signal);
    await outer.isLeft();
    await outer.shows('outer>');
    await until(`the modes to be as before ${signal}`, async () => {
      const { modes, terminal } = await outer.status();
      return (
        JSON.stringify([modes, terminal?.echo]) === JSON.stringify([before.modes, before.terminal?.echo])
      );
    });
    await until('the daemon to notice', async () => {
      const { attached, size } = await pilotty.client.request('session.status', { session: 'inner' });
      return attached.length === 0 && size.cols === 80;
    });
    await outer.type('clear\r');
    await until('a screen with nothing but the prompt', async () => (await outer.screen()) === 'outer>');
  }
});

test('a person who is stopped has their terminal back meanwhile, and sees the session again with fg', async ({
  pilotty,
}) => {
  await pilotty.spawn('inner', program('modes.cjs', '?1003h', '?1006h', '?2004h', '>1u', '?25l'));
  await pilotty.run('wait-for', '-s', 'inner', 'listening');
  const outer = await OuterTerminal.open(pilotty, { size: SIZE });
  const before = await outer.status();
  await outer.attach('inner');
  await outer.equals('inner');
  for (const _time of ['once', 'twice']) {
    const { foreground } = await outer.status();
    process.kill(foreground?.pid ?? 0, 'SIGTSTP');
    await outer.isLeft();
    await until('the modes to be as before', async () => {
      const { modes, terminal } = await outer.status();
      return (
        JSON.stringify([modes, terminal?.echo]) === JSON.stringify([before.modes, before.terminal?.echo])
      );
    });
    await outer.type('fg\r');
    await outer.equals('inner');
  }
});

test('an ended session says how it ended, before and while it is attached', async ({ pilotty }) => {
  await pilotty.run('run', '--name', 'dead', 'sh', '-c', 'exit 3');
  await pilotty.spawn('inner', ['/bin/sh', '-i']);
  const outer = await OuterTerminal.open(pilotty, { size: SIZE });
  await outer.run('attach', '-s', 'dead');
  await outer.shows("Session 'dead' has ended (exit code 3)");
  await outer.attach('inner');
  await outer.type('exit 7\r');
  await outer.shows('[inner ended: exit code 7]');
  await outer.type('echo "code $?"\r');
  await outer.shows('code 7');
});

test('a session is not attached inside itself, nor inside one that it shows', async ({ pilotty }) => {
  const one = await OuterTerminal.open(pilotty, { name: 'one', size: SIZE });
  const two = await OuterTerminal.open(pilotty, { name: 'two', size: SIZE });
  await one.run('attach', '-s', 'one');
  await one.shows('cannot be attached here');
  await one.attach('two');
  await one.shows('inside session one');
  await two.run('attach', '-s', 'one');
  await two.shows('cannot be attached here');
});

test('without a name the person chooses', async ({ pilotty }) => {
  await pilotty.spawn('first', ['/bin/sh', '-c', 'echo this is the first; exec cat']);
  const outer = await OuterTerminal.open(pilotty, { size: SIZE });
  await outer.run('attach');
  await outer.shows('this is the first');
  await outer.type(DETACH);
  await outer.isLeft();
  await pilotty.spawn('second', ['/bin/sh', '-c', 'echo this is the second; exec cat']);
  await outer.run('attach');
  await outer.shows('Which one, 1 to 2');
  await outer.type('9\r');
  await outer.type('second\r');
  await outer.shows('this is the second');
  await outer.equals('second');
});

test('a program is started and joined at once, with the size of the window', async ({ pilotty }) => {
  const outer = await OuterTerminal.open(pilotty, { size: SIZE });
  await outer.run('spawn', '--attach', '--name', 'new', '/bin/sh', '-c', 'stty size; exec cat');
  await outer.shows('30 90');
  await outer.type(DETACH);
  await outer.shows('[left new; it goes on]');
});

test("a shell of one's own: started, left, and joined again", async ({ pilotty }) => {
  const outer = await OuterTerminal.open(pilotty, { size: SIZE, env: { ...pilotty.env, PS1: 'outer> ' } });
  await outer.type('unset PILOTTY PILOTTY_SESSION\r');
  await outer.run('shell');
  await until('the shell', async () => (await outer.status()).alternate_screen);
  await outer.type('echo in the "$PILOTTY_SESSION"\r');
  await outer.shows('in the default');
  await outer.type(DETACH);
  await outer.isLeft();
  await outer.run('shell');
  await until('the shell', async () => (await outer.status()).alternate_screen);
  await outer.shows('in the default');
  await outer.type('exit 5\r');
  await outer.shows('[default ended: exit code 5]');
});

test('a terminal that takes nothing holds up neither the session nor the daemon', async ({ pilotty }) => {
  await pilotty.spawn('inner', ['/bin/sh', '-i']);
  const outer = await OuterTerminal.open(pilotty, { size: SIZE });
  await outer.attach('inner');
  const { foreground } = await outer.status();
  process.kill(foreground?.pid ?? 0, 'SIGSTOP');
  await pilotty.client.request('session.type', {
    session: 'inner',
    text: 'seq 400000; echo done-$((1+1))',
    enter: true,
  });
  await pilotty.run('wait-for', '-s', 'inner', 'done-2');
  // The shell has noticed the stop, and has the terminal, which is still raw: Enter is no newline.
  await outer.shows('outer>');
  await outer.type('fg\n');
  await outer.shows('done-2');
  await outer.equals('inner');
});

test('without a terminal it is refused', async ({ pilotty }) => {
  await pilotty.spawn('inner', ['cat']);
  expect(await pilotty.run('attach', '-s', 'inner')).toMatchObject({ code: 125 });
  expect((await pilotty.run('attach', '-s', 'inner')).stderr).toContain('attach needs a terminal');
});

/** As a window of more rows and columns shows it. */
function framed(screen: string, cols: number, rows: number): string {
  const lines = screen.split('\n');
  const all = Array.from({ length: rows }, (_, row) => `${(lines[row] ?? '').padEnd(cols)}\u2502`);
  return [...all, `${'\u2500'.repeat(cols)}\u2518`].join('\n');
}

test('a prompt for a password goes from a script to a person and back', async ({ pilotty }) => {
  const asks =
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the shell's
    'stty -echo; printf "Password: "; read -r word; stty echo; echo; echo "got ${#word}"; exec cat';
  await pilotty.spawn('inner', ['/bin/sh', '-c', asks]);
  await pilotty.run('wait-for', '-s', 'inner', 'Password:');
  const outer = await OuterTerminal.open(pilotty, { size: SIZE });
  await outer.attach('inner');
  const script = { PILOTTY_CLIENT: 'deploy' };
  const handed = pilotty.start(
    ...['hand-over', '-s', 'inner', '--until-released', '--message', 'the password, please', '-f', 'text'],
    { env: script },
  );
  await outer.shows('deploy asks: the password, please');
  expect(await pilotty.run('type', '-s', 'inner', 'x', { env: script })).toMatchObject({ code: 1 });
  await outer.type('secret\r');
  await outer.shows('got 6');
  await outer.type('\x1cr');
  const { code, stdout } = await handed.answer;
  expect([code, stdout]).toEqual([0, expect.stringContaining('got 6')]);
  expect(stdout).not.toContain('secret');
  expect(await pilotty.run('type', '-s', 'inner', 'thanks', { env: script })).toMatchObject({ code: 0 });
  await outer.shows('thanks');
});

test('the keyboard is taken and released with keys, and others see who has it', async ({ pilotty }) => {
  await pilotty.spawn('inner', ['cat']);
  const outer = await OuterTerminal.open(pilotty, { size: SIZE });
  await outer.attach('inner', '--as', 'ada');
  await outer.type('\x1ct');
  await outer.shows('you have the keyboard; Ctrl+\\ r releases it');
  expect((await pilotty.run('type', '-s', 'inner', 'x')).stderr).toContain('KEYBOARD_TAKEN');
  await outer.type('\x1cr');
  await outer.shows('everyone may type again');
  await pilotty.run('take', '-s', 'inner', '--as', 'ci');
  await outer.shows('ci has the keyboard; Ctrl+\\ t takes it');
  await outer.type('x');
  await outer.shows("ci has the keyboard of session 'inner'; nothing was sent");
});

test('an upgrade of the daemon goes by behind the screen', async ({ pilotty }) => {
  needs('vim');
  await pilotty.spawn('inner', ['vim', '-u', 'NONE', '-N']);
  const outer = await OuterTerminal.open(pilotty, { size: SIZE });
  await outer.attach('inner');
  await outer.equals('inner');
  const { pid } = await pilotty.client.request('daemon.info', {});
  expect((await pilotty.run('daemon', '--upgrade')).json()).toMatchObject({ previous_pid: pid, sessions: 2 });
  await outer.type('ihello');
  await outer.shows('hello');
  await outer.equals('inner');
  const { size, attached } = await pilotty.client.request('session.status', { session: 'inner' });
  expect({ size, attached }).toMatchObject({ size: SIZE, attached: [{ window: SIZE }] });
  await outer.type(DETACH);
  await outer.isLeft();
  await outer.shows('[left inner; it goes on]');
});
