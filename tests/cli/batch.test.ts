/** What the lines of a batch are taken for, and what is answered to each. */
import { describe, expect, test } from 'vitest';
import { runInProcess, type Surroundings } from './in-process.ts';

async function batch(lines: string | Uint8Array, around: Surroundings = {}, ...options: string[]) {
  const { stdout, ...outcome } = await runInProcess(['batch', ...options], { ...around, stdin: lines });
  const answers = stdout.split('\n').filter((line) => line !== '');
  return { ...outcome, answers: answers.map((line) => JSON.parse(line)) };
}

describe('the words of a line are', () => {
  test.for<[string, string[]]>([
    ["type 'a  b'", ['type', 'a  b']],
    ['  type\t a \r', ['type', 'a']],
    ['type "a \'b\' c"', ['type', "a 'b' c"]],
    ['type \'a "b" c\'', ['type', 'a "b" c']],
    ['type "a \\"b\\" \\\\ \\$ \\`"', ['type', 'a "b" \\ $ `']],
    ['type "\\n \\x"', ['type', '\\n \\x']],
    ["type '\\n'", ['type', '\\n']],
    ['type a\\ b\\"\\n', ['type', 'a b"n']],
    ['type it\'s \'one" "word', ['type', 'its one word']],
    ["type ''", ['type', '']],
    ["type '' --enter", ['type', '', '--enter']],
    ['type "#a" # b', ['type', '#a']],
    ['type a#b', ['type', 'a#b']],
    ['type \\#', ['type', '#']],
    ["type '$HOME ~ *'", ['type', '$HOME ~ *']],
    ['type $HOME~*|;&><', ['type', '$HOME~*|;&><']],
    ['type "ü €"', ['type', 'ü €']],
    ['["type", "a b\\nc \'"]', ['type', "a b\nc '"]],
    [' ["type","$x"] ', ['type', '$x']],
  ])('%s', async ([line, words]) => {
    const { answers, requests, code } = await batch(line);
    expect(answers).toMatchObject([{ line: 1, command: words, exit_code: 0 }]);
    expect({ code, text: requests[0]?.params.text }).toEqual({ code: 0, text: words[1] });
  });
});

describe('a line that cannot be understood is', () => {
  test.for<[string, string | Uint8Array, string]>([
    ['a single quote that is left open', "type 'a", "the ' at column 5 is not closed"],
    ['a double quote that is left open', 'type "a\\"', 'the " at column 5 is not closed'],
    ['a quote that closes on the next line', "type 'a\nb'", "the ' at column 5 is not closed"],
    ['a backslash at its end', 'type a\\', 'the line ends in a backslash'],
    ['half an array', '["type"', 'the line is not a JSON array: '],
    ['an array without a command', '[]', 'the array has no command in it'],
    ['an array with a number', '["resize", 80, 24]', 'the array has more than strings in it'],
    ['a NUL', '["type", "a\\u0000"]', 'an argument has a NUL in it'],
    ['bytes that are no text', Uint8Array.of(0x6c, 0x73, 0xff), 'the line is not UTF-8 text'],
  ])('%s', async ([, line, message]) => {
    const { answers, requests, code } = await batch(line);
    expect({ code, requests }).toEqual({ code: 2, requests: [] });
    expect(answers[0]).toEqual({
      line: 1,
      exit_code: 2,
      error: {
        code: 'INVALID_INPUT',
        message: expect.stringContaining(message),
        suggestion: expect.stringContaining("'pilotty batch --help'"),
      },
    });
  });

  test('no reason to leave the next ones', async () => {
    const { answers, code } = await batch("key 'Up\nkye Up\nkey Up\n");
    expect(code).toBe(2);
    expect(answers).toMatchObject([
      { line: 1, exit_code: 2 },
      {
        line: 2,
        command: ['kye', 'Up'],
        exit_code: 2,
        error: {
          message: "unknown command 'kye'",
          suggestion: "Did you mean key? See 'pilotty --help'.",
        },
      },
      { line: 3, exit_code: 0 },
    ]);
  });
});

test('lines that are empty or comments are counted, and not answered', async () => {
  const { answers, code } = await batch('# first\n\n   \nkey Up\n  # last\r\n');
  expect({ code, lines: answers.map(({ line }) => line) }).toEqual({ code: 0, lines: [4] });
  expect(await batch('')).toMatchObject({ code: 0, answers: [], requests: [] });
});

test('every command asks in the order of the lines, with options of its own', async () => {
  const { requests } = await batch(
    'key Up -s a --delay 5\nkey Down\ntype x --enter\ntag +b\ntype y\ntag +c\n',
  );
  expect(requests).toEqual([
    { method: 'session.key', params: { session: 'a', keys: 'Up', delay_ms: 5 } },
    { method: 'session.key', params: { keys: 'Down' } },
    { method: 'session.type', params: { text: 'x', enter: true, escapes: false } },
    { method: 'session.tag', params: { add: ['b'], remove: [] } },
    { method: 'session.type', params: { text: 'y', enter: false, escapes: false } },
    { method: 'session.tag', params: { add: ['c'], remove: [] } },
  ]);
});

test('the session is that of the environment', async () => {
  const { requests } = await batch('key Up\n', { env: { PILOTTY_SESSION: 'ours' } });
  expect(requests).toEqual([{ method: 'session.key', params: { session: 'ours', keys: 'Up' } }]);
});

test('an object that is printed is the result, text is output, and bytes are output_base64', async () => {
  const answers = {
    'session.snapshot': { format: 'text' as const, text: '{"no": "object"}', note: 'cut' },
    'session.list': { type: 'sessions' as const, sessions: [] },
  };
  const outcome = await batch('ls\nsnapshot -f text\n', { answers });
  const duration_ms = expect.any(Number);
  expect(outcome.answers).toEqual([
    { line: 1, command: ['ls'], exit_code: 0, duration_ms, result: answers['session.list'] },
    {
      line: 2,
      command: ['snapshot', '-f', 'text'],
      exit_code: 0,
      duration_ms,
      output: '{"no": "object"}\n',
      stderr: 'note: cut\n',
    },
  ]);
  const png = { 'session.snapshot': { data_base64: '/wAB' } };
  // A picture is no trouble although the batch itself is on a terminal.
  const drawn = await batch('snapshot -f png\n', { answers: png, isTty: true });
  expect(drawn.answers).toMatchObject([{ exit_code: 0, output_base64: '/wAB' }]);
  expect(drawn.answers[0]).not.toHaveProperty('output');
});

test('an exit code is told without an error where there is none', async () => {
  const answers = { 'session.wait': { type: 'wait_result' as const, outcome: 'deadline' as const } };
  const outcome = await batch('wait-for x\nkye\n', { answers });
  expect(outcome.code).toBe(3);
  expect(outcome.answers).toMatchObject([
    { exit_code: 3, result: { outcome: 'deadline' } },
    { exit_code: 2 },
  ]);
  expect(outcome.answers[0]).not.toHaveProperty('error');
});

test('with --bail the first failure is the last line', async () => {
  const { answers, requests, code } = await batch('key Up\nkey\nkey Down\n', {}, '--bail');
  expect({ code, asked: requests.length }).toEqual({ code: 2, asked: 1 });
  expect(answers.map(({ line, exit_code }) => [line, exit_code])).toEqual([
    [1, 0],
    [2, 2],
  ]);
});

test.for([
  ['batch steps', 'batch steps cannot be a line of a batch: put its lines into the batch itself'],
  ['daemon --foreground', 'daemon --foreground cannot be a line of a batch: it ends only with the daemon'],
  ['logs -f', 'logs -f cannot be a line of a batch: it never ends'],
  ['type -', 'stdin holds the lines of the batch'],
  ['type --secret -', 'stdin holds the lines of the batch'],
  ['paste', 'stdin holds the lines of the batch'],
] as const)('%s is refused', async ([line, message]) => {
  const { answers, requests } = await batch(line);
  expect(requests).toEqual([]);
  expect(answers).toMatchObject([{ exit_code: 2, error: { code: 'INVALID_INPUT', message } }]);
});

test('help is text as everywhere', async () => {
  const { answers, code } = await batch('key --help\n--version\nlogs -f --help\n');
  expect(code).toBe(0);
  expect(answers).toMatchObject([
    { exit_code: 0, output: expect.stringMatching(/^Usage: pilotty key /) },
    { exit_code: 0, output: expect.stringMatching(/^pilotty \d/) },
    { exit_code: 0, output: expect.stringMatching(/^Usage: pilotty logs /) },
  ]);
});

test('what a command prints beyond the bound is an error of that line', async () => {
  const answers = { 'session.snapshot': { format: 'text' as const, text: 'x'.repeat(65 * 1024 * 1024) } };
  const outcome = await batch('snapshot -f text\nkey Up\n', { answers });
  expect(outcome.answers).toMatchObject([
    {
      exit_code: 1,
      error: { code: 'LIMIT_REACHED', message: 'the command prints more than 67108864 bytes' },
    },
    { exit_code: 0 },
  ]);
  expect(outcome.answers[0]).not.toHaveProperty('output');
});
