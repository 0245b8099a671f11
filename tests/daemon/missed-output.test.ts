/** A follower who takes nothing while more is printed than is retained. */
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Call, Cancellation } from '../../packages/daemon/src/call.ts';
import type { Daemon } from '../../packages/daemon/src/daemon.ts';
import { startInProcess } from '../../packages/daemon/src/in-process.ts';
import { PATH } from '../harness/programs.ts';
import { until } from '../harness/until.ts';

interface Part {
  output: string;
  missed_bytes?: number;
}

const directory = realpathSync(mkdtempSync(join(tmpdir(), 'pt-')));
let daemon: Daemon;
let close: () => Promise<void>;

beforeAll(async () => {
  const started = await startInProcess(directory);
  daemon = started.daemon as Daemon;
  close = started.close;
});

afterAll(async () => {
  await close();
  rmSync(directory, { recursive: true, force: true });
});

async function ask(method: string, params: object, emit: (part: unknown) => Promise<void> = async () => {}) {
  return await daemon.answer(
    method,
    params,
    new Call({ isGone: () => false, emit, ready: async () => {} }, new Cancellation()),
  );
}

/**
 * @param first is printed before the follower begins, and ends with 'begun'
 * @param then is run while the follower works on what it is told first
 */
async function followed(name: string, first: string, then: string): Promise<Part[]> {
  const go = join(directory, `${name}-goes-on`);
  const script = `${first}; while [ ! -e ${go} ]; do sleep 0.01; done; ${then}`;
  const argv = ['sh', '-c', script];
  await ask('session.spawn', { name, argv, cwd: '/', env: { PATH }, retain_bytes: 65_536 });
  const session = daemon.sessions.get(name);
  await until('it has begun', () => session.screen.text().includes('begun'));
  const parts: Part[] = [];
  await ask('session.output', { session: name, follow: true }, async (part) => {
    parts.push(part as Part);
    if (parts.length > 1) return;
    writeFileSync(go, '');
    await ask('session.wait', { session: name, exit: true, timeout_ms: 60_000 });
  });
  return parts;
}

const textOf = (parts: readonly Part[]) => parts.map(({ output }) => output).join('');

test('no line is torn by what is dropped', async () => {
  // The first piece that is read ends inside a line.
  const parts = await followed('torn', 'seq 10000; printf begun', 'echo; seq 500000');
  const told = textOf(parts).split('\n');
  expect([told[0], told.at(-2), told.at(-1)]).toEqual(['1', '500000', '']);
  expect(told).not.toContain('begun');
  const cut = parts.findIndex(({ missed_bytes = 0 }) => missed_bytes > 0);
  const numbers = (some: readonly Part[]) => textOf(some).split('\n').slice(0, -1).map(Number);
  const before = numbers(parts.slice(0, cut));
  expect(before).toEqual(before.map((_, index) => index + 1));
  const after = numbers(parts.slice(cut));
  expect(after).toEqual(after.map((_, index) => 500_000 - after.length + 1 + index));
});

test('what is printed after a full-screen program is told, where its end was dropped', async () => {
  const frame = 'printf "\\033[?1049h\\033[Hbegun"';
  const parts = await followed('full', `seq 100; ${frame}`, 'printf "\\033[?1049l"; seq 500000; echo end');
  const told = textOf(parts).split('\n');
  expect(told.slice(-1002)).toEqual([
    ...Array.from({ length: 1000 }, (_, at) => `${499_001 + at}`),
    'end',
    '',
  ]);
  expect(told).not.toContain('begun');
});
