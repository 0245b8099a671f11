/**
 * How well states are known, of real programs and of stand-ins for those that a test cannot run: each is brought into a
 * state that a person knows, and is asked what it is doing. The table in docs/work-states.md is this score: it cannot become worse.
 * `npx vitest run --project node tests/work-state/score.test.ts --update` writes it again.
 */
import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test as plainTest } from 'vitest';
import type { Client } from '../../packages/client/src/index.ts';
import { root } from '../architecture/workspaces.ts';
import { test } from '../harness/pilotty.ts';
import { needs, PATH } from '../harness/programs.ts';
import { until } from '../harness/until.ts';
import { AGENTS } from './cases/agents.ts';
import type { Case } from './cases/case.ts';
import { QUESTIONS } from './cases/questions.ts';
import { SHELLS } from './cases/shells.ts';
import { WHOLE_SCREENS } from './cases/whole-screens.ts';
import { WORK } from './cases/work.ts';

const DOCUMENT = join(root, 'docs/work-states.md');

const CASES: Case[] = [...SHELLS, ...WHOLE_SCREENS, ...QUESTIONS, ...WORK, ...AGENTS];

/** So long after the last step every rule about silence has been applied. */
const ALL_RULES_MS = 5_000;

const REAL = CASES.map(({ program: name }) => name).filter((name) => /^[a-z0-9-]+$/.test(name));

async function begin(client: Client, { argv, steps = [] }: Case, name: string, home: string): Promise<void> {
  const cwd = join(home, name);
  await mkdir(cwd);
  const env = { PATH, HOME: cwd, LANG: 'C.UTF-8', TMUX_TMPDIR: home };
  await client.request('session.spawn', { argv: [...argv], name, cwd, env });
  for (const { shown, ...sent } of steps) {
    const wait = shown === undefined ? { prompt: true } : { text: shown };
    await client.request('session.wait', { session: name, ...wait, timeout_ms: 50_000 });
    if ('keys' in sent) await client.request('session.key', { session: name, keys: sent.keys });
    else await client.request('session.type', { session: name, ...sent });
  }
}

// Elsewhere the kernel does not say who reads.
test.skipIf(process.platform !== 'linux')(
  'what real programs are doing is known, or said to be unknown',
  async ({ pilotty }) => {
    needs(...new Set(REAL));
    const { client } = pilotty;
    await Promise.all(CASES.map((one, index) => begin(client, one, `s${index}`, pilotty.home)));
    const began = performance.now();
    let wrong: string[] = [];
    await until(
      'every state',
      async () => {
        const { sessions } = await client.request('session.list', { all: true });
        wrong = CASES.flatMap(({ program: name, what, is, said = is }, index) => {
          const found =
            sessions.find((session) => session.name === `s${index}`)?.work_state?.name ?? 'unknown';
          return found === said ? [] : [`${name} ${what}: ${found}, and not ${said}`];
        });
        return wrong.length === 0 && performance.now() - began > ALL_RULES_MS;
      },
      { deadlineMs: 50_000, lastSeen: () => wrong.join('\n') },
    );
  },
);

plainTest('the document has this score', async () => {
  const rows = CASES.map(({ program: name, what, is, said = is }) => [name, what, is, said]);
  const right = rows.filter(([, , is, said]) => is === said).length;
  const unknown = rows.filter(([, , , said]) => said === 'unknown').length;
  const table = [
    '| program | what it does | state | said |',
    '|---|---|---|---|',
    ...rows.map(([name, what, is, said]) => `| ${name} | ${what} | ${is} | ${said === is ? '✓' : said} |`),
    `| **${rows.length}** |  |  | **${right} right, ${unknown} unknown, ${rows.length - right - unknown} wrong** |`,
  ];
  const [before] = readFileSync(DOCUMENT, 'utf8').split(table[0] ?? '');
  await expect(`${before}${table.join('\n')}\n`).toMatchFileSnapshot(DOCUMENT);
});
