/** Words that are wrong exit with 2, whoever notices: the command, the daemon or the gateway; and in the command's own terms. */
import { expect } from 'vitest';
import { type Pilotty, test } from '../harness/pilotty.ts';

const WRONG: readonly (readonly string[])[] = [
  ['no-such-command'],
  ['snapshot', '--format', 'gif'],
  ['wait-for', '-r', '(unclosed'],
  ['wait', '--regex', '(unclosed'],
  ['key', 'Enter', '--wait-regex', '(unclosed'],
  ['grep', '-r', '(unclosed'],
  ['spawn', '--tag', 'a b', 'cat'],
  ['spawn', '--name', 'a/b', 'cat'],
  ['spawn', '--size', '1000x1000', 'cat'],
  ['spawn', '--owner-pid', '999999999', 'cat'],
  ['run', '--tag', 'a b', 'cat'],
  ['rename', 'a/b'],
  ['tag', '+two words'],
  ['signal', 'FOO'],
  ['kill', '--signal', 'FOO'],
  ['resize', '1000', '1000'],
  ['snapshot', '--since', '1', '-f', 'text'],
  ['snapshot', '--rows', '90:99'],
  ['key', 'Entr'],
  ['type', '\\q', '--escapes'],
  ['click', '500', '500'],
  ['output', '--since', '99999999'],
  ['events', '--after', '99999999999999999'],
  ['batch', '/nope'],
  ['paste', '/nope'],
  ['on', 'a', '--text', 'x'],
  ['on', '--remove', 'r1', 'r2'],
  ['on', '--list', 'r1'],
  ['serve', '--detach', '--bind', 'foo'],
  ['serve', '--detach', '--base-path', 'x'],
];

test('words that are wrong exit with 2, and nothing of the protocol is said', async ({ pilotty }) => {
  await pilotty.run('spawn', '--name', 'a', 'cat');
  const seen: unknown[] = [];
  for (const words of WRONG) seen.push([words, ...told(await pilotty.run(...words))]);
  expect(seen).toEqual(WRONG.map((words) => [words, 2, 'INVALID', 'our words']));
  const { sessions } = (await pilotty.run('ls', '--all')).json();
  expect(sessions.map(({ name }: { name: string }) => name)).toEqual(['a']);
});

test('a daemon and a gateway that cannot understand their settings exit with 2', async ({ pilotty }) => {
  for (const words of [
    ['daemon'],
    ['daemon', '--foreground'],
    ['spawn', 'cat'],
    ['serve', '--bind', 'foo'],
  ]) {
    // A process, because a program in the foreground has the standard error of its command.
    const { code } = await pilotty.start(...words, { env: { PILOTTY_LOG_LEVEL: 'loud' } }).answer;
    expect([words, code]).toEqual([words, 2]);
  }
});

test.for([
  [['spawn', '--tag', 'a b', 'cat'], '--tag: '],
  [['tag', '+two words'], 'a tag is '],
  [['on', 'a', '--text', 'x'], "a rule needs a condition, and '--text'"],
  [['on', '-s', 'a', '--text', 'x', '--every', '0'], "--every is '0', and must be more than 0"],
  [
    ['on', '-s', 'a', '--text', 'x', '--do', 'true', '--do-timeout', '0s'],
    "--do-timeout is '0s', and must be more than 0",
  ],
  [['take', '--for', '0'], "--for is '0', and must be more than 0"],
  [['on', '-s', 'a', '--exit', '--post', 'ftp://x'], '--post: must be a URL of http or https'],
  [['spawn', '--ttl', '0', 'cat'], "--ttl is '0', and would end the program at once"],
  [['on', '--remove', 'r1', 'r2'], "'r2' is a command to run"],
  [['snapshot', '--since', '1', '-f', 'text'], '--since needs --format full'],
] as const)('the option is named as it was written: %j', async ([words, beginning], { pilotty }) => {
  await pilotty.run('spawn', 'cat');
  const { message } = (await pilotty.run(...words)).error();
  expect(message.slice(0, beginning.length)).toBe(beginning);
});

test('a search that failed is not one that found nothing', async ({ pilotty }) => {
  const code = async (...words: string[]) => (await pilotty.run('grep', ...words)).code;
  expect(await code('x')).toBe(1);
  expect(await code('-r', '(')).toBe(2);
  expect(await code('x', '-s', 'nobody')).toBe(5);
});

function told({ code, stderr }: Awaited<ReturnType<Pilotty['run']>>): [number | null, string, string] {
  const { code: error, message } = JSON.parse(stderr);
  return [
    code,
    error.split('_')[0],
    /\b(session|sessions|daemon)\.[a-z]/.test(message) ? message : 'our words',
  ];
}
