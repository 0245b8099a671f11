/** `--fields`: only some members of an answer, and no name that the answer cannot have. */
import { expect, test } from 'vitest';
import { pathsIn } from '../harness/paths-in.ts';
import { test as live } from '../harness/pilotty.ts';
import { runInProcess } from './in-process.ts';

const screen = { text: 'hi', cursor: { row: 1, col: 2 } };
const answers = {
  'session.key': { type: 'keys_sent', seq: 3, wait: { outcome: 'matched', holds: true }, screen },
  'session.list': {
    sessions: [
      { name: 'a', pid: 1 },
      { name: 'b', pid: 2, exit: { exit_code: 0 } },
    ],
  },
} as object;

test.for([
  ['key Enter --fields seq', '{"seq":3}'],
  [
    'key Enter --fields wait.outcome,screen.cursor.row',
    '{"wait":{"outcome":"matched"},"screen":{"cursor":{"row":1}}}',
  ],
  ['key Enter --fields screen.cursor.row,screen', `{"screen":${JSON.stringify(screen)}}`],
  [
    'ls --fields sessions.name,sessions.exit.exit_code',
    '{"sessions":[{"name":"a"},{"name":"b","exit":{"exit_code":0}}]}',
  ],
  ['key Enter --fields screen.title', '{"screen":{}}'],
  ['key Enter -f text --fields screen.text', '{"screen":{"text":"hi"}}'],
  ['examples --fields type', '{"type":"examples"}'],
] as const)('%s', async ([line, printed]) => {
  expect(await runInProcess(line.split(' '), { answers })).toMatchObject({
    code: 0,
    stdout: `${printed}\n`,
    stderr: '',
  });
});

test.for([
  [
    'key Enter --fields sec',
    /no member 'sec'.*Did you mean seq\?.*It has bytes, keys, screen, seq, session, session_id, type, wait/,
  ],
  ['spawn --fields wait.outcom cat', /'wait' of the answer has no member 'outcom'.*outcome/],
  ['ls --fields sessions.name.first', /no member 'first'.*sessions.name: it has no members/],
  ['stop --fields pod', /Did you mean pid/],
  ['exec --fields std true', /stderr/],
  ['run --fields pid true', /no member 'pid'.*duration_ms/],
  ['batch --fields nope', /command, duration_ms, error, exit_code, .* stderr_base64/],
  ['wait --tag t --exit --fields unreachable', /no member 'unreachable'/],
  ['ls --fields unreachable.host', /no member 'unreachable'/],
  ['examples --fields nope', /It has text, type/],
  ['ls --fields a,,b', /must be names/],
  ['kill --fields', /--fields needs a value/],
] as const)('%s is refused, and nothing is asked of the daemon', async ([line, message]) => {
  const { code, stdout, stderr, requests } = await runInProcess(line.split(' '), { answers });
  expect([code, stdout, requests]).toEqual([2, '', []]);
  expect(stderr).toMatch(message);
});

live('every member of every answer can be chosen, in lines of JSON too', async ({ pilotty }) => {
  await pilotty.run('spawn', '--name', 'a', '--tag', 't', '--wait-prompt', 'bash');
  const lines = [
    'send -s a true Enter --wait-command-finished --snapshot',
    'key -s a* Enter',
    'snapshot -s a --styles --elements',
    'snapshot -s a --json -f new',
    'status -s a',
    'ls',
    'wait -s a --exit -t 0',
    'wait --tag t --exit -t 0',
    'exec -s a --json echo',
    'run --json echo',
    'output -s a --json',
    'commands -s a',
    'gather --json',
    'grep --json true',
    'events --past',
    'info',
    'doctor',
    'gc --dry-run',
  ];
  for (const line of lines) {
    const [command = '', ...rest] = line.split(' ');
    const whole = await pilotty.run(command, ...rest);
    const objects = whole.stdout
      .trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text));
    const paths = [...new Set(objects.flatMap((object) => pathsIn(object)))].join();
    const chosen = await pilotty.run(command, '--fields', paths, ...rest);
    // What the next one looks at does not change while it is asked twice.
    await pilotty.run('wait', '-s', 'a', '--prompt');
    expect(chosen.stderr, line).not.toContain('no member');
    const [first] = chosen.stdout.split('\n');
    expect(new Set(pathsIn(JSON.parse(first ?? ''))), line).toEqual(new Set(pathsIn(objects[0])));
  }
});
