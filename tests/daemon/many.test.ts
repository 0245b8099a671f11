import { expect } from 'vitest';
import { type Pilotty, test } from '../harness/pilotty.ts';

async function spawnCats(pilotty: Pilotty, ...names: string[]): Promise<void> {
  for (const name of names) await pilotty.run('spawn', '--name', name, '--tag', 'ci', 'cat');
}

test('what is typed to many reaches each, and one that has ended hides none of the others', async ({
  pilotty,
}) => {
  await spawnCats(pilotty, 'a', 'b', 'c');
  await pilotty.run('kill', '-s', 'b');
  const answer = await pilotty.run(
    'type',
    '-s',
    'a',
    '-s',
    'b',
    '-s',
    'c*',
    '-s',
    'nobody',
    'hello',
    '--enter',
  );
  expect(answer.code).toBe(4);
  expect(answer.json()).toMatchObject({
    type: 'broadcast',
    results: [
      { session: 'a', ok: true, result: { type: 'typed', session: 'a', bytes: 6 } },
      { session: 'b', ok: false, error: { code: 'SESSION_EXITED' } },
      { session: 'c', ok: true, result: { type: 'typed', session: 'c' } },
      { session: 'nobody', ok: false, error: { code: 'SESSION_NOT_FOUND' } },
    ],
  });
  for (const name of ['a', 'c']) expect((await pilotty.run('wait-for', '-s', name, 'hello')).code).toBe(0);
});

test('a tag means every live session that has it, and the one used last stays the same', async ({
  pilotty,
}) => {
  await spawnCats(pilotty, 'a', 'b');
  await pilotty.run('spawn', '--name', 'other', 'cat');
  const resized = await pilotty.run('resize', '--tag', 'ci', '90', '30');
  expect(resized.code).toBe(0);
  expect(resized.json().results.map(({ session }: { session: string }) => session)).toEqual(['a', 'b']);
  expect((await pilotty.run('status')).json().name).toBe('other');
  const { sessions } = (await pilotty.run('list-sessions', '-s', 'b', '-s', 'oth*')).json();
  expect(
    sessions.map(({ name, size }: { name: string; size: { cols: number } }) => [name, size.cols]),
  ).toEqual([
    ['b', 90],
    ['other', 80],
  ]);
});

test('acting on many waits in each, and the exit code is that of the first that waited in vain', async ({
  pilotty,
}) => {
  await spawnCats(pilotty, 'a', 'b');
  await pilotty.run(
    'spawn',
    '--name',
    'silent',
    '--tag',
    'ci',
    'sh',
    '-c',
    'stty -echo; echo ready; sleep 1000',
  );
  await pilotty.run('wait-for', '-s', 'silent', 'ready');
  const type = ['type', '--tag', 'ci', 'hello', '--enter', '--wait-text', 'hello', '--wait-timeout', '3s'];
  const answer = await pilotty.run(...type);
  expect(answer.code).toBe(3);
  const { results } = answer.json();
  expect(results.map(({ result }: { result: { wait: { holds: boolean } } }) => result.wait.holds)).toEqual([
    true,
    true,
    false,
  ]);
  expect((await pilotty.run(...type, '--if-text', 'hello')).code).toBe(1);
});

test('what is wrong for all is said once, and nobody is an error', async ({ pilotty }) => {
  await spawnCats(pilotty, 'a');
  const wrong = await pilotty.run('signal', '--tag', 'ci', '--', '-x');
  expect([wrong.code, wrong.error().code]).toEqual([2, 'INVALID_INPUT']);
  const nobody = await pilotty.run('key', '--tag', 'none', 'x');
  expect([nobody.code, nobody.error().code]).toEqual([5, 'SESSION_NOT_FOUND']);
});

test('a name that no session has fails at once, a tag or pattern is waited for only by waits and events', async ({
  pilotty,
}) => {
  await spawnCats(pilotty, 'a');
  const reads = ['wait --exit', 'events', 'gather', 'grep x', 'kill', 'type x', 'list-sessions', 'gc'];
  const all = reads.map(async (words) => {
    const [command = '', ...rest] = words.split(' ');
    const code = async (...which: string[]) => {
      const timeout = ['wait', 'events'].includes(command) ? ['-t', '300ms'] : [];
      return (await pilotty.run(command, ...which, ...timeout, ...rest)).code;
    };
    return [command, await code('-s', 'nobody'), await code('-s', 'zz*'), await code('--tag', 'none')];
  });
  expect(await Promise.all(all)).toEqual([
    ['wait', 5, 3, 3],
    ['events', 5, 0, 0],
    ['gather', 5, 5, 5],
    ['grep', 5, 5, 5],
    ['kill', 5, 5, 5],
    ['type', 5, 5, 5],
    ['list-sessions', 5, 0, 0],
    ['gc', 5, 0, 0],
  ]);
  // What is evicted can still be read of.
  await pilotty.run('kill', '-s', 'a');
  await pilotty.run('gc');
  const past = await pilotty.run('events', '-s', 'a', '--past');
  expect([past.code, past.stdout]).toEqual([0, expect.stringContaining('"spawned"')]);
});

test('kill ends those that run, and says what became of the others', async ({ pilotty }) => {
  await spawnCats(pilotty, 'a', 'b', 'c');
  await pilotty.run('kill', '-s', 'a');
  const answer = await pilotty.run('kill', '-s', 'a', '-s', 'b*', '-s', 'c', '-s', 'nobody');
  expect(answer.code).toBe(5);
  expect(answer.json()).toMatchObject({
    results: [
      { session: 'b', ok: true, survivors: [] },
      { session: 'c', ok: true, survivors: [] },
      { session: 'a', ok: true, already_ended: true, exit: { killed_by_client: true } },
      { session: 'nobody', ok: false, error: { code: 'SESSION_NOT_FOUND' } },
    ],
  });
});

test('the last lines of many sessions are gathered, with how they ended', async ({ pilotty }) => {
  const lines = (name: string, ...words: string[]) =>
    pilotty.run('spawn', '--name', name, '--tag', 'ci', 'sh', '-c', ...words);
  await lines('fails', 'seq 1 2000; echo "$0" | tr -d " "; exit 3', 'x '.repeat(100));
  await lines('shows', 'printf "main\\033[?1049h\\033[Hfull screen"; cat');
  await pilotty.run('wait-for', '-s', 'fails', 'nothing');
  await pilotty.run('wait-for', '-s', 'shows', 'full screen');
  const gathered = await pilotty.run('gather', '--tag', 'ci', '--all', '-n', '3');
  expect(gathered.stdout.replace(/idle [\d.]+ s/, 'idle')).toBe(
    `==> fails (ended, exit code 3) <==\n1999\n2000\n${'x'.repeat(100)}\n\n==> shows (running, idle) <==\nfull screen\n`,
  );
  const { results, event_cursor } = (await pilotty.run('gather', '-s', 'f*', '-s', 'shows', '--json')).json();
  expect(results).toMatchObject([
    { session: 'shows', state: 'running', tags: ['ci'], lines: ['full screen'] },
  ]);
  await pilotty.run('key', '-s', 'shows', 'z');
  await pilotty.run('wait-for', '-s', 'shows', 'full screenz');
  const news = (await pilotty.run('gather', '--all', '--after', String(event_cursor), '--json')).json();
  expect(news.results).toMatchObject([{ session: 'shows', lines: ['full screenz'] }]);
});

test('of a full-screen program the first lines are gathered, or the whole screen', async ({ pilotty }) => {
  await pilotty.run('spawn', '--name', 'top', '--wait-text', 'busy 9', 'sh', '-c', DRAWS_TOP);
  const head = await pilotty.run('gather', '--head', '2', '--json');
  expect(head.json().results[0].lines).toEqual(['load 1.0', 'busy 1']);
  const whole = await pilotty.run('gather', '--screen', '--json');
  expect(whole.json().results[0].lines).toEqual([
    'load 1.0',
    ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => `busy ${n}`),
  ]);
});

/** On the alternate screen, what matters most on top. */
const DRAWS_TOP = `printf '\\033[?1049h\\033[Hload 1.0\\n'; for n in 1 2 3 4 5 6 7 8 9; do echo "busy $n"; done; cat`;
