/** The page at /docs, as somebody reads it who has not used the gateway before. */
import { execFile } from 'node:child_process';
import { expect } from 'vitest';
import { docsPage } from '../../apps/gateway/src/docs-page.ts';
import { PREPARATION, tour } from '../../apps/gateway/src/docs-tour.ts';
import { openApiOf } from '../../apps/gateway/src/openapi.ts';
import { routes } from '../../apps/gateway/src/routes/index.ts';
import { needs } from '../harness/programs.ts';
import { type Served, test } from './served.ts';

/** Runs a step with the function that the page defines. @returns what it prints */
function run({ url, token }: Served, command: string): Promise<string> {
  const [, api = ''] = PREPARATION.split('\n');
  const env = { PATH: process.env.PATH, BASE: url.origin, TOKEN: token };
  return new Promise((resolve) => {
    execFile('sh', ['-c', `${api}\n${command}`], { env }, (error, stdout, stderr) =>
      resolve(error ? `${error.message}${stderr}` : stdout),
    );
  });
}

test('every step of its tour does what it says', async ({ served }) => {
  needs('bash');
  needs('curl');
  const answers: string[] = [];
  for (const { command, isEndless } of tour) if (!isEndless) answers.push(await run(served, command));
  const [started = '', typed = '', screen, ran = '', waited = '', ended = ''] = answers;
  expect(JSON.parse(started)).toMatchObject({ type: 'session_created', name: 'demo' });
  expect(JSON.parse(typed)).toMatchObject({
    wait: { outcome: 'matched' },
    screen: { text: expect.any(String) },
  });
  expect(screen).toContain('\n42\n');
  expect(JSON.parse(ran)).toMatchObject({
    type: 'exec_result',
    exit_code: 1,
    stderr: expect.stringMatching('nowhere'),
  });
  expect(JSON.parse(waited)).toMatchObject({ ready: [{ session: 'demo' }] });
  expect(JSON.parse(ended)).toMatchObject({ results: [{ session: 'demo', ok: true }] });
});

test('it names the types of all, links lead to what is there, and it needs nothing from elsewhere', () => {
  const page = docsPage(openApiOf(routes, '/terminals'));
  expect(page).toContain('BASE=http://127.0.0.1:8080/terminals');
  const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  const targets = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
  expect(targets.filter((target) => !ids.includes(target))).toEqual([]);
  expect(new Set(ids).size).toBe(ids.length);
  expect(page.match(/<script|<link|<img|src=|@import|url\(/g)).toBe(null);
  expect(page).toContain('array of <a href="#Session">Session</a>');
  // Code in sentences is shown as code.
  expect(page.replaceAll(/<pre>.*?<\/pre>/gs, '')).not.toContain('`');
});
