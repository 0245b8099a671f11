/** What people write who know other tools, or slip: nothing is taken silently for something else. */
import { describe, expect, test } from 'vitest';
import { test as withDaemon } from '../harness/pilotty.ts';
import { runInProcess } from './in-process.ts';

const runIn = (words: string[]) =>
  runInProcess(words, {
    answers: {
      'session.spawn': { name: 'x' },
      // Without it `run` would go on waiting.
      'session.wait': { exit: { exit_code: 0, signal: null } as never },
    },
  });

describe('a word of another tool leads to ours', () => {
  test.for<[string, string]>([
    ['attach-session', 'pilotty attach -s NAME'],
    ['send-keys', 'pilotty send'],
    ['capture-pane', 'pilotty snapshot -f text'],
    ['new', 'pilotty spawn'],
    ['press', 'pilotty key'],
    ['screenshot', 'pilotty snapshot -f png'],
    ['read', 'pilotty output'],
    ['write', 'pilotty type'],
    ['input', 'pilotty type'],
    ['list', 'pilotty list-sessions'],
    ['close', 'pilotty kill'],
    ['version', 'pilotty --version'],
    ['-v', 'pilotty --version'],
    ['spawn -s foo bash', '--name NAME'],
    ['spawn --session foo bash', '--name NAME'],
    ['spawn -n foo bash', '--name NAME'],
    ['snapshot --text', '--format text'],
  ])('%s: %s', async ([line, ours]) => {
    const { code, stderr, requests } = await runInProcess(line.split(' '));
    expect({ code, requests }).toEqual({ code: 2, requests: [] });
    expect(JSON.parse(stderr).suggestion).toContain(ours);
  });

  test('the help of a command may be asked for in either order', async () => {
    const wanted = (await runInProcess(['spawn', '--help'])).stdout;
    expect(wanted).toContain('Usage: pilotty spawn');
    for (const words of [
      ['help', 'spawn'],
      ['-h', 'spawn'],
      ['--help', 'spawn'],
    ]) {
      expect((await runInProcess(words)).stdout).toBe(wanted);
    }
  });
});

describe('--snapshot, whose value may be left out, before an argument', () => {
  test.for<[string[], object]>([
    [['type', '--snapshot', 'echo hi'], { text: 'echo hi', snapshot: { format: 'full' } }],
    [['type', '--snapshot', 'text', 'x'], { text: 'x', snapshot: { format: 'text' } }],
    [['type', 'x', '--snapshot'], { text: 'x', snapshot: { format: 'full' } }],
    [['type', '--snapshot', '--', 'x y'], { text: 'x y', snapshot: { format: 'full' } }],
    [['type', '--', '--snapshot'], { text: '--snapshot' }],
    [['key', '--snapshot', 'Enter'], { keys: 'Enter', snapshot: { format: 'full' } }],
    [['send', '--snapshot', 'Enter', 'x'], { snapshot: { format: 'full' } }],
    [['send', '-l', '--snapshot', 'x'], { parts: [{ text: '--snapshot' }, { word: 'x' }] }],
    [['click', '--snapshot', '3', '4'], { row: 3, col: 4 }],
    [['choose', '--snapshot', '@e3'], { ref: '@e3' }],
  ])('%j', async ([words, params]) => {
    expect((await runIn(words)).requests[0]?.params).toMatchObject(params);
  });

  test.for([
    ['type', '--snapshot', 'ls'],
    ['send', 'x', '--snapshot', 'json'],
    ['spawn', '--snapshot', 'bash'],
  ])('%j is not guessed', async (words) => {
    const { code, stderr, requests } = await runIn(words);
    expect({ code, requests }).toEqual({ code: 2, requests: [] });
    expect(JSON.parse(stderr).suggestion).toContain('--snapshot=full');
  });

  test('is shown so in the help, and no other option is', async () => {
    const { stdout } = await runIn(['help', 'wait-options']);
    expect(stdout).toMatch(/^ +--snapshot\[=FORMAT\]/m);
    expect(stdout.match(/\[=/g)).toHaveLength(1);
  });
});

describe('an option of ours behind the program', () => {
  test.for<[string, string]>([
    ['spawn --name foo bash --wait-prompt', '--wait-prompt went to bash'],
    ['run --name foo ls --timeout 5s', '--timeout went to ls'],
    ['run echo start --name web', '--name went to echo'],
    ['run echo start --name=web', '--name=web went to echo'],
  ])('%s: %s', async ([line, note]) => {
    const { stdout, stderr, requests } = await runIn(line.split(' '));
    expect(requests[0]?.method).toBe('session.spawn');
    // spawn answers an object, which has its note in itself.
    const isObject = line.startsWith('spawn');
    expect(isObject ? JSON.parse(stdout).note : /^note: (.*)\n$/.exec(stderr)?.[1]).toContain(note);
    expect(stderr === '').toBe(isObject);
  });

  test('is noted beside a screen on stderr, and in the object of --json', async () => {
    const screen = { format: 'text' as const, text: '$ [_]' };
    const answers = { 'session.spawn': { screen: screen as never } };
    const shown = await runInProcess(['spawn', '-f', 'text', 'ls', '--ttl', '5s'], { answers });
    expect([shown.stdout, shown.stderr]).toEqual([
      '$ [_]\n',
      expect.stringMatching(/^note: --ttl went to ls/),
    ]);
    const json = await runInProcess(['spawn', '--json', 'ls', '--ttl', '5s'], { answers });
    expect([JSON.parse(json.stdout).note, json.stderr]).toEqual([expect.any(String), '']);
  });

  test("of run is always the program's", async () => {
    const { requests } = await runIn(['run', 'echo', 'start', '--name', 'web']);
    expect(requests[0]?.params).toMatchObject({ argv: ['echo', 'start', '--name', 'web'] });
  });

  test.for([
    'spawn htop --name cpu',
    'spawn -- grep --name x',
    'run -- ls --size',
    'spawn sh -c true',
    'run ls --color',
  ])('nothing is noted of %s', async (line) => {
    expect((await runIn(line.split(' '))).stderr).not.toContain('note:');
  });
});

describe('a time', () => {
  test.for<[string, string]>([
    ['wait-for x -t 30', 'Write 30s for seconds, or 30ms.'],
    ['wait --text x -t 5', 'Write 5s for seconds, or 5ms.'],
    ['run -t 5 sleep 1', 'Write 5s for seconds, or 5ms.'],
    ['key Enter --wait-prompt --wait-timeout 10', 'Write 10s for seconds, or 10ms.'],
    ['spawn --ttl 60 cat', 'Write 60s for seconds, or 60ms.'],
    ['run -t 0 true', 'Leave it out for no limit.'],
    ['spawn --ttl 0 cat', 'Leave it out for no limit.'],
    ['spawn --idle-ttl 0s cat', 'Leave it out for no limit.'],
  ])('%s: %s', async ([line, suggestion]) => {
    const { code, stderr, requests } = await runInProcess(line.split(' '));
    expect({ code, requests }).toEqual({ code: 2, requests: [] });
    expect(JSON.parse(stderr).suggestion).toContain(suggestion);
  });

  test.for([
    ['wait-for x -t 500', 500],
    ['wait-for x -t 30ms', 30],
    ['wait-for x -t 0', 0],
    ['wait-for x -t 1h30m', 5_400_000],
  ] as const)('%s is %i ms', async ([line, ms]) => {
    const { requests } = await runInProcess(line.split(' '));
    expect(requests[0]?.params).toMatchObject({ timeout_ms: ms });
  });

  test.for(['wait-for', 'spawn', 'key', 'exec'])('is explained in the help of %s', async (name) => {
    const { stdout } = await runInProcess([name, '--help']);
    expect(stdout).toContain('a bare number is milliseconds');
  });
});

describe('a size', () => {
  test.for(['resize 120 40', 'resize 120x40', 'resize -s a 120X40'])('%s', async (line) => {
    const { requests } = await runInProcess(line.split(' '));
    expect(requests[0]?.params).toMatchObject({ cols: 120, rows: 40 });
  });

  test.for<[string, RegExp]>([
    ['resize 120', /ROWS is missing/],
    ['resize 120x40 40', /ROWS is given twice/],
    ['resize 120x', /must be COLSxROWS/],
    ['resize 0x40', /from 2x1 to 1000x1000/],
  ])('%s is a mistake', async ([line, message]) => {
    const { code, stderr, requests } = await runInProcess(line.split(' '));
    expect({ code, requests }).toEqual({ code: 2, requests: [] });
    expect(stderr).toMatch(message);
  });
});

withDaemon('a line where words are wanted is explained', async ({ pilotty }) => {
  for (const line of ['ls -l', 'echo hi && ls', "printf '%s' x"]) {
    for (const command of ['spawn', 'run']) {
      const { suggestion, code } = (await pilotty.run(command, line)).error();
      expect(code).toBe('SPAWN_FAILED');
      expect(suggestion).toContain('is one word');
      expect(suggestion).toContain(`sh -c '${line.replaceAll("'", "'\\''")}'`);
    }
  }
});
