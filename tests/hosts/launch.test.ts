/** `launch()` of pilotty/testing on another host: a directory there, the same acts and assertions, and nothing left. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { leftOver } from '../../apps/testing/src/left-over.ts';
import { builtProgram, type Pilotty } from '../harness/pilotty.ts';
import { type OtherHost, test } from './other-host.ts';

/** A program in a process that has the ssh of the test. @returns what it prints, as an object */
async function runTest(pilotty: Pilotty, host: OtherHost, body: string): Promise<Record<string, unknown>> {
  const directory = join(pilotty.directory, 'project');
  mkdirSync(directory, { recursive: true });
  const file = join(directory, 'some.test.mjs');
  const kit = JSON.stringify(builtProgram('sdk/testing.mjs'));
  writeFileSync(
    file,
    `import { expect, launch } from ${kit};
    const on = { host: 'ssh://there', testFile: import.meta.url, title: 'there', timeout: 45_000, traceDirectory: 'traces' };
    const found = {};
    ${body}
    console.log(JSON.stringify(found));`,
  );
  const env = { ...pilotty.env, ...host.env };
  const { stdout } = await promisify(execFile)(process.execPath, [file], { env, cwd: directory });
  return JSON.parse(stdout);
}

test('a program there has its files, acts and assertions are the same, and its directory goes with it', async ({
  pilotty,
  host,
}) => {
  const found = await runTest(
    pilotty,
    host,
    `const screen = await launch('sh', {
      ...on,
      args: ['-c', 'cat notes.txt ~/.rc; od -An -v -tu1 deep/bytes | tr -s " \\n" " " > all.txt; echo "[$PWD] [$GIVEN] [$OF_THERE]"; setsid sleep 1000 & read line; printf "got $line\\\\n" | tee out.txt; cat'],
      files: { 'notes.txt': 'a note: 100% \\\\ é\\n', '~/.rc': 'a setting\\n', 'deep/bytes': Uint8Array.from({ length: 256 }, (_, i) => i), empty: '' },
      env: { GIVEN: '1' },
      cols: 200,
      logs: ['out.txt', 'none.txt'],
      trace: 'on',
    });
    await expect(screen).toShow('[' + screen.cwd + '] [1] []');
    found.lines = (await screen.text()).split('\\n').slice(0, 2);
    await screen.type('hello', { enter: true });
    await expect(screen).toShow('got hello');
    await expect(screen).not.toShow('farewell');
    await expect(screen).toMatchScreen('greeting');
    found.written = await screen.readFile('out.txt');
    found.bytes = (await screen.readFile('all.txt')).trim();
    found.empty = await screen.readFile('empty');
    found.missing = await screen.readFile('none.txt').catch(({ message }) => message);
    found.outside = (() => { try { screen.pathOf('../../../x'); } catch ({ name }) { return name; } })();
    found.home = screen.home;
    found.trace = await screen.saveTrace();
    await screen.close();`,
  );
  const home = String(found.home);
  expect(found).toMatchObject({
    lines: ['a note: 100% \\ é', 'a setting'],
    written: 'got hello\n',
    bytes: Array.from({ length: 256 }, (_, byte) => byte).join(' '),
    empty: '',
    missing: expect.stringMatching(/on the other host: .*none.txt/),
    outside: 'TypeError',
  });
  const trace = readFileSync(join(pilotty.directory, 'project', String(found.trace)), 'utf8');
  expect(trace).toContain('ssh://there');
  expect(trace).toContain('got hello');
  const golden = join(pilotty.directory, 'project/__screens__/some.test.mjs/greeting.txt');
  expect(readFileSync(golden, 'utf8')).toContain('XXXXXX/home/work] [1] []');
  // What had left the terminal is gone as well.
  expect({ exists: existsSync(dirname(home)), left: leftOver(dirname(home)) }).toEqual({
    exists: false,
    left: [],
  });
  expect((await host.client.request('session.list', {})).sessions).toEqual([]);
  expect(await host.isHere()).toBe(false);
});

// Six connections, each with a daemon's programs: one that is slow is to be named, and not to end the test.
test('what cannot be started there, or not so, leaves nothing there', { timeout: 240_000 }, async ({
  pilotty,
  host,
}) => {
  const found = await runTest(
    pilotty,
    host,
    `const failure = (program, options) => launch(program, { ...on, ...options }).then((screen) => screen.close(), ({ name, message }) => name + ': ' + message);
    found.missing = await failure('no-such-program');
    found.outside = await failure('cat', { files: { '../../../x': '' } });
    found.fault = await failure('cat', { faults: { unanswered: true } });
    found.refused = await failure('cat', { host: 'ssh://refused' });
    found.cut = await failure('cat', { faults: { resizes: 2 } });`,
  );
  expect(found).toEqual({
    missing: expect.stringMatching(/^SpawnFailedError: /),
    outside: expect.stringMatching(/^TypeError: .*outside/),
    fault: expect.stringMatching(/^TypeError: 'unanswered'.*only resizes/),
    refused: expect.stringMatching(/^HostUnreachableError: /),
  });
  expect((await host.client.request('session.list', {})).sessions).toEqual([]);
  expect(readdirSync(host.temporary)).toEqual([]);
});
