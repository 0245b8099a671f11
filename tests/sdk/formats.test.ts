/** The package from outside: as a module, as CommonJS, and in a browser. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { expect } from 'vitest';
import { builtProgram, processTest as test } from '../harness/pilotty.ts';
import { needs, pathOf } from '../harness/programs.ts';
import { runFile } from '../harness/run-file.ts';
import { installIn } from './installed.ts';
import { endGateway, gatewayOf } from './ways.ts';

test("a module and a CommonJS program know each other's errors, and end when they have nothing to do", async ({
  pilotty,
}) => {
  installIn(pilotty.home);
  const cjs = join(pilotty.home, 'program.cjs');
  writeFileSync(
    cjs,
    `const { spawn, SessionExitedError, PilottyError } = require('pilotty');
    const { startLocal } = require('pilotty/local');
    (async () => {
      const session = await spawn('cat', { name: 'left' });
      const own = await startLocal();
      const ended = await own.spawn('true', { wait: { exit: true } });
      const reason = await ended.key('Enter').catch((error) => error);
      await own.close();
      const module = await import('pilotty');
      console.log([SessionExitedError, PilottyError].map((Class) => reason instanceof Class));
      console.log([module.SessionExitedError, module.TimeoutError].map((Class) => reason instanceof Class));
      console.log(session.name, module.spawn === spawn);
    })();`,
  );
  const { stdout, stderr } = await runFile(process.execPath, [cjs], { env: pilotty.env, cwd: pilotty.home });
  expect(stderr).toBe('');
  expect(stdout).toBe('[ true, true ]\n[ true, false ]\nleft false\n');
  // It has not ended the session, nor waited for it.
  expect((await pilotty.run('status', '-s', 'left')).json().state).toBe('running');
});

test('without start, no daemon is started', async ({ pilotty }) => {
  installIn(pilotty.home);
  const program = `import { connect, DaemonUnreachableError } from 'pilotty';
    await connect({ start: false }).catch((error) => console.log(error instanceof DaemonUnreachableError));`;
  writeFileSync(join(pilotty.home, 'program.mjs'), program);
  const { stdout } = await runFile(process.execPath, ['program.mjs'], {
    env: pilotty.env,
    cwd: pilotty.home,
  });
  expect(stdout).toBe('true\n');
  expect(pilotty.processes()).toEqual([]);
});

test('the daemon is loaded when one is started, not before', () => {
  const text = readdirSync(builtProgram('sdk'))
    .filter((name) => /\.[cm]js$/.test(name))
    .map((name) => readFileSync(join(builtProgram('sdk'), name), 'utf8'))
    .join('\n');
  expect(text).not.toMatch(
    /^import .*pilotty-in-process|^(?:const|let) .*require\("\.\.\/pilotty-in-process/m,
  );
  expect(text).toContain('import("../pilotty-in-process.cjs")');
});

test('the build for browsers is one file with nothing of Node', () => {
  const text = readFileSync(builtProgram('sdk/browser.js'), 'utf8');
  expect(text.match(/^import .*|\bimport\(|\brequire\(|node:\w+|\bprocess\./gm)).toBe(null);
});

test('in Chromium: a session is started, driven, followed and ended through a gateway', async ({
  pilotty,
}) => {
  const executablePath = ['chromium', 'google-chrome'].map(pathOf).find((path) => path !== undefined);
  if (executablePath === undefined) needs('chromium');
  const server = createServer((request, response) => {
    const isScript = request.url === '/pilotty.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? readFileSync(builtProgram('sdk/browser.js')) : '<!doctype html><title>x</title>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const gateway = await gatewayOf(pilotty, '--allow-origin', origin);
  const browser = await chromium.launch({
    executablePath: executablePath ?? '',
    args: ['--headless', '--no-sandbox', '--disable-gpu'],
    env: pilotty.env,
  });
  try {
    const page = await browser.newPage();
    await page.goto(origin);
    const seen = await page.evaluate(`(${IN_THE_PAGE})(${JSON.stringify(gateway)})`);
    // Enter is echoed as a line of its own.
    expect(seen).toEqual({ isRefused: true, lines: 5001, shows: true });
  } finally {
    await browser.close();
    server.close();
    await endGateway(pilotty);
  }
});

/** As text, because the page has nothing of this file. */
const IN_THE_PAGE = `async ({ url, token }) => {
  const { connect, UnauthorizedError } = await import('/pilotty.js');
  const refused = await connect({ url, token: 'wrong' }).catch((error) => error);
  const daemon = await connect({ url, token });
  const session = await daemon.spawn(['sh', '-c', 'read x; seq 1 5000']);
  await session.key('Enter');
  let lines = 0;
  for await (const { bytes } of session.followBytes({ since: 0 })) {
    lines += [...bytes].filter((byte) => byte === 10).length;
  }
  const shows = await session.getByText('5000').isVisible();
  await daemon.close();
  return { isRefused: refused instanceof UnauthorizedError, lines, shows };
}`;
