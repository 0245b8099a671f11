/** Programs that ask a person for a secret by their askpass program: who may answer, who has the answer, and who never. */
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { StreamEvent } from '../../packages/client/src/index.ts';
import { OuterTerminal } from '../attach/outer-terminal.ts';
import { builtProgram, type Pilotty, processTest, test } from '../harness/pilotty.ts';
import { needs } from '../harness/programs.ts';
import { runFile } from '../harness/run-file.ts';
import { until } from '../harness/until.ts';

const SECRET = 'hunter2-of-Tuesday';

/** Asks as sudo does, and says how that ended and what it got, without showing it. */
const ASKS = `for prompt do
  got=$("$SUDO_ASKPASS" "$prompt"); echo "status $?, \${#got} letters"
done
exec cat`;

function asking({ home }: Pilotty, ...prompts: string[]): string[] {
  writeFileSync(join(home, 'ask'), ASKS);
  return ['/bin/sh', 'ask', ...(prompts.length > 0 ? prompts : ['Password:'])];
}

async function questionsOf({ client }: Pilotty, session: string) {
  return (await client.request('session.status', { session })).questions ?? [];
}

async function untilAsked(pilotty: Pilotty, session: string) {
  return await until('a question', async () => (await questionsOf(pilotty, session))[0]);
}

async function eventsOf({ client }: Pilotty): Promise<StreamEvent<'events.follow'>[]> {
  const events: StreamEvent<'events.follow'>[] = [];
  const params = { after: 0, follow: false };
  await client.request('events.follow', params, { onEvent: (event) => void events.push(event) });
  return events;
}

/** Everything in the directories of the daemon and of the test, but sockets. */
function filesOf(...directories: string[]): string {
  return directories
    .flatMap((directory) =>
      readdirSync(directory, { recursive: true }).map((name) => join(directory, String(name))),
    )
    .filter((path) => statSync(path).isFile())
    .map((path) => readFileSync(path, 'utf8'))
    .join();
}

test('what a person answers reaches the program that asks, and stands nowhere else', async ({ pilotty }) => {
  const { client } = pilotty;
  pilotty.env.PILOTTY_LOG_LEVEL = 'trace';
  const cast = join(pilotty.home, 'all.cast');
  await pilotty.run('spawn', '--askpass', '--name', 'job', `--record=${cast}`, '--', ...asking(pilotty));
  const question = await untilAsked(pilotty, 'job');
  expect(question).toMatchObject({ prompt: 'Password:', program: '/bin/sh ask Password:' });
  const listed = (await client.request('session.list', {})).sessions;
  expect(listed.map(({ questions }) => questions?.[0]?.question)).toEqual([question.question]);
  const { outcome } = await client.request('session.wait', { session: 'job', state: ['asking'] });
  expect(outcome).toBe('matched');
  const { work_state } = await client.request('session.status', { session: 'job' });
  expect(work_state).toMatchObject({ name: 'asking', why: 'password', text: 'Password:' });
  const { note } = await client.request('session.wait', { session: 'job', prompt: true, timeout_ms: 1 });
  expect(note).toContain(
    'asks a person: "Password:". It goes on once they have answered: \'pilotty answer -s job\'',
  );

  const refused = await pilotty.run('answer', '--secret', 'env:PW', '--question', 'other', {
    env: { PW: SECRET },
  });
  expect(refused.code).toBe(1);
  const answered = await pilotty.run('answer', '--secret', 'env:PW', { env: { PW: SECRET } });
  expect(answered.json()).toMatchObject({ type: 'question_answered', session: 'job' });
  await pilotty.run('wait-for', '-s', 'job', `status 0, ${SECRET.length} letters`);
  expect(await questionsOf(pilotty, 'job')).toEqual([]);
  const again = await pilotty.run('answer', '-s', 'job', '--secret', 'env:PW', { env: { PW: SECRET } });
  expect(again.error()).toMatchObject({ code: 'CONDITION_FAILED' });

  const events = await eventsOf(pilotty);
  const told = events.filter(({ type }) => type === 'asked' || type === 'question_ended');
  expect(told).toMatchObject([
    { type: 'asked', question: question.question, prompt: 'Password:' },
    { type: 'question_ended', question: question.question, reason: 'answered', client: expect.any(String) },
  ]);
  await pilotty.run('record', 'stop', '-s', 'job');
  const answers = await Promise.all([
    client.request('session.inspect', { session: 'job' }),
    client.request('session.status', { session: 'job' }),
    client.request('daemon.info', {}),
    client.request('session.snapshot', { session: 'job', scrollback: 100 }),
  ]);
  const everything = [
    JSON.stringify([events, answers]),
    ...[refused, answered, again].map(({ transcript }) => transcript),
    filesOf(pilotty.socketDir, pilotty.home),
  ].join();
  expect(everything).toContain('session.answer');
  expect(everything).not.toContain(SECRET);
});

test('one that is declined, not answered in time, or interrupted is over, and the program is told', async ({
  pilotty,
}) => {
  const { client } = pilotty;
  for (const name of ['declined', 'interrupted', 'killed'])
    await pilotty.spawn(name, asking(pilotty), { askpass: true });
  const { id } = await client.request('session.status', { session: 'declined' });
  const late = client.request('session.ask', { session: id, prompt: 'late', timeout_ms: 1 });
  await expect(late).rejects.toMatchObject({ code: 'TIMEOUT' });
  await untilAsked(pilotty, 'declined');
  expect((await pilotty.run('answer', '-s', 'declined', '--decline')).code).toBe(0);
  await pilotty.run('wait-for', '-s', 'declined', 'status 1, 0 letters');
  await untilAsked(pilotty, 'interrupted');
  await client.request('session.key', { session: 'interrupted', keys: 'Ctrl+C' });
  await client.request('session.wait', { session: 'interrupted', exit: true });
  await untilAsked(pilotty, 'killed');
  await client.request('session.kill', { session: 'killed' });

  const ended = () => eventsOf(pilotty).then((all) => all.filter(({ type }) => type === 'question_ended'));
  await until('the ends of all questions', async () => (await ended()).length === 4);
  const outcomes = (await ended()).map(({ session, reason }) => `${session} ${reason}`);
  expect(outcomes.sort()).toEqual([
    'declined declined',
    'declined timed_out',
    'interrupted withdrawn',
    'killed withdrawn',
  ]);
});

test('of several questions one is named; without any, none is answered', async ({ pilotty }) => {
  const answer = (...words: string[]) =>
    pilotty.run('answer', ...words, '--secret', 'env:PW', { env: { PW: SECRET } });
  await pilotty.spawn('cat', ['cat']);
  const none = await answer();
  expect(none.error()).toMatchObject({
    code: 'CONDITION_FAILED',
    suggestion: expect.stringContaining('--wait'),
  });
  await pilotty.spawn('one', asking(pilotty, 'first'), { askpass: true });
  await pilotty.spawn('two', asking(pilotty, 'second'), { askpass: true });
  await untilAsked(pilotty, 'one');
  const { question } = await untilAsked(pilotty, 'two');
  const which = await answer();
  expect(which.error()).toMatchObject({ code: 'CONDITION_FAILED' });
  expect(which.error().message).toMatch(/^There are 2 open questions: one \w+: first; two \w+: second$/);
  expect((await answer('--question', question)).json()).toMatchObject({ session: 'two', question });
  expect((await answer('-s', 'one')).json()).toMatchObject({ session: 'one' });
  // One that is not there yet is waited for.
  const waiting = answer('--wait');
  await pilotty.spawn('three', asking(pilotty), { askpass: true });
  expect((await waiting).json()).toMatchObject({ session: 'three' });
  expect((await answer('--wait', '--timeout', '1ms')).error()).toMatchObject({ code: 'TIMEOUT' });
});

test('ssh and git ask by it', async ({ pilotty }) => {
  needs('ssh-keygen', 'git');
  const key = join(pilotty.home, 'key');
  await runFile('ssh-keygen', ['-q', '-t', 'ed25519', '-N', SECRET, '-f', key]);
  await pilotty.spawn(
    'job',
    ['sh', '-c', 'ssh-keygen -y -f key; echo url=https://a.example | git credential fill'],
    {
      askpass: true,
      env: { ...pilotty.env, GIT_CONFIG_NOSYSTEM: '1' },
    },
  );
  const answer = async (text: string) => {
    const { question, prompt, program } = await untilAsked(pilotty, 'job');
    await pilotty.client.request('session.answer', { session: 'job', question, text });
    return `${program}: ${prompt}`;
  };
  const asked = [await answer(SECRET), await answer('ada'), await answer('secret')];
  await pilotty.client.request('session.wait', { session: 'job', exit: true });
  expect(asked).toEqual([
    'ssh-keygen -y -f key: Enter passphrase:',
    "git credential fill: Username for 'https://a.example':",
    "git credential fill: Password for 'https://ada@a.example':",
  ]);
  const { stdout } = await pilotty.run('output', '-s', 'job');
  expect(stdout).toContain('ssh-ed25519 ');
  expect(stdout).toContain('username=ada');
});

test('it is refused where a program cannot be started by others, and where the answer would be shown', async ({
  pilotty,
}) => {
  await pilotty.spawn('first', ['cat']);
  // Nothing can stand where the program would.
  const path = join(pilotty.socketDir, 'pilotty.askpass');
  await runFile('mkdir', [path]);
  const refused = await pilotty.run('spawn', '--askpass', '--name', 'job', 'cat');
  expect(refused.error()).toMatchObject({ code: 'UNAVAILABLE' });
  expect((await pilotty.client.request('session.list', {})).sessions.map(({ name }) => name)).toEqual([
    'first',
  ]);
  await runFile('rmdir', [path]);
  await pilotty.spawn('shown', ['sh', '-c', '"$SUDO_ASKPASS" x; exec cat'], { askpass: true });
  await pilotty.run('wait-for', '-s', 'shown', 'stdout is a terminal, which would show the answer');
  expect(await questionsOf(pilotty, 'shown')).toEqual([]);
  expect((await pilotty.run('askpass', 'x')).error().message).toContain('no session of spawn --askpass');
  // Its file goes with the daemon.
  expect(statSync(path).mode & 0o777).toBe(0o700);
  await pilotty.run('stop');
  expect(readdirSync(pilotty.socketDir)).not.toContain('pilotty.askpass');
});

test('a question goes on in the next daemon, and a restart keeps the program that asks', async ({
  pilotty,
}) => {
  const { client } = pilotty;
  await pilotty.spawn('job', asking(pilotty), { askpass: true });
  const before = await untilAsked(pilotty, 'job');
  await client.request('daemon.upgrade', { program: builtProgram('pilotty-daemon.cjs') });
  const { question } = await untilAsked(pilotty, 'job');
  expect(question).toBe(before.question);
  await client.request('session.answer', { session: 'job', text: 'four' });
  await pilotty.run('wait-for', '-s', 'job', 'status 0, 4 letters');
  expect((await eventsOf(pilotty)).filter(({ type }) => type === 'asked')).toHaveLength(1);
  await client.request('session.restart', { session: 'job' });
  await untilAsked(pilotty, 'job');
});

test('the program that asks is there for as long as a session may run it', async ({ pilotty }) => {
  const { client } = pilotty;
  const path = join(pilotty.socketDir, 'pilotty.askpass');
  // Asks once for each line that it is sent.
  const asks = `while read -r line; do got=$("$SUDO_ASKPASS" x); echo "$line: \${#got} letters"; done`;
  await pilotty.spawn('job', ['sh', '-c', asks], { askpass: true });
  const isAnswered = async (line: string) => {
    await client.request('session.type', { session: 'job', text: line, enter: true });
    await untilAsked(pilotty, 'job');
    await client.request('session.answer', { session: 'job', text: 'four' });
    await client.request('session.wait', { session: 'job', text: `${line}: 4 letters` });
  };
  // What cleans up temporary directories takes all of it.
  rmSync(pilotty.socketDir, { recursive: true, maxRetries: 5 });
  await until('the file to be back', () => existsSync(path));
  await isAnswered('removed');
  // As a daemon that was installed elsewhere has left it.
  writeFileSync(path, '#!/bin/sh\nexit 9\n');
  await client.request('daemon.upgrade', { program: builtProgram('pilotty-daemon.cjs') });
  await isAnswered('upgraded');
  // A file in its place is of another daemon that has the directory.
  rmSync(path);
  writeFileSync(path, 'another');
  await pilotty.run('stop');
  expect(readFileSync(path, 'utf8')).toBe('another');
});

test('a policy takes an answer for something that is typed', async ({ pilotty }) => {
  const policy = join(pilotty.home, 'policy.json');
  const rules = [{ name: 'people', acts: ['type'], clients: ['agent*'], decision: 'deny' }];
  writeFileSync(policy, JSON.stringify({ default: 'allow', rules }), { mode: 0o600 });
  pilotty.env.PILOTTY_POLICY = policy;
  await pilotty.run('spawn', '--askpass', '--name', 'job', '--', ...asking(pilotty));
  await untilAsked(pilotty, 'job');
  const answer = (as: string) =>
    pilotty.run('answer', '--as', as, '--secret', 'env:PW', { env: { PW: SECRET } });
  expect((await answer('agent 7')).error()).toMatchObject({ code: 'POLICY_DENIED' });
  expect((await answer('ada')).code).toBe(0);
  await pilotty.run('wait-for', '-s', 'job', 'status 0');
  expect(filesOf(pilotty.socketDir)).not.toContain(SECRET);
});

processTest(
  'a person answers at their terminal, or in attach, and what they type is not shown',
  async ({ pilotty }) => {
    await pilotty.spawn('job', asking(pilotty, 'Password:', 'Again:'), { askpass: true });
    await untilAsked(pilotty, 'job');
    const person = await OuterTerminal.open(pilotty, { size: { cols: 120, rows: 30 } });
    await person.run('answer');
    await person.shows('job: /bin/sh ask Password: Again: asks\nPassword:');
    // It erases, and is no line of the shell.
    await person.type('wrong\x15hunteR\x7fr2\r');
    await person.shows('has the answer');
    await pilotty.run('wait-for', '-s', 'job', 'status 0, 7 letters');

    await until('the second question', async () => (await questionsOf(pilotty, 'job')).length === 1);
    await person.attach('job');
    // The notice of it goes away by itself: the keys are pressed until the question is known there.
    await until('an answer to begin', async () => {
      await person.type('\x1ca');
      return (await person.screen()).includes('(not shown; Enter answers, Escape does not)');
    });
    await person.type('\x03');
    await until('it to be cancelled', async () => !(await person.screen()).includes('(not shown'));
    // What comes with the keys belongs to the answer.
    await person.type('\x1cahunter2\r');
    await pilotty.untilShown('status 0, 7 letters\nstatus 0, 7 letters', 'job');
    await person.type('\x1cd');
    await person.isLeft();
    const shown = await Promise.all(
      ['job', 'outer'].map((session) => pilotty.run('output', '--ansi', '-s', session)),
    );
    expect(shown.map(({ stdout }) => stdout).join()).not.toContain('hunter');
    // Without a terminal nothing is asked of whoever runs it.
    const { code, stderr } = await pilotty.run('answer', { input: 'hunter2\n' });
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('stdin or stdout is none') });
  },
);
