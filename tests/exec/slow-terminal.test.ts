/** Programs whose output comes byte by byte, each of which is looked at before the next has come. */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, expect } from 'vitest';
import { Call, Cancellation } from '../../packages/daemon/src/call.ts';
import { startInProcess } from '../../packages/daemon/src/in-process.ts';
import { needs, PATH } from '../harness/programs.ts';

type Answer = Record<string, unknown> & { stdout: string };

const test = base.extend<{ ask: (method: string, params: object) => Promise<Answer> }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the names of what is needed
  ask: async ({}, use) => {
    const directory = realpathSync(mkdtempSync(join(tmpdir(), 'pt-')));
    const { daemon, close } = await startInProcess(directory, { faults: { output: 'bytes' } });
    await use(async (method, params) => {
      const printed: Buffer[] = [];
      const emit = async (event: unknown) => {
        const { stream, data_base64 } = event as { stream?: string; data_base64?: string };
        if (stream === 'stdout') printed.push(Buffer.from(data_base64 ?? '', 'base64'));
      };
      const call = new Call({ isGone: () => false, emit, ready: async () => {} }, new Cancellation());
      const answer = await daemon.answer(method, params, call);
      return { ...(answer as object), stdout: Buffer.concat(printed).toString() };
    });
    await close();
    rmSync(directory, { recursive: true, force: true });
  },
});

test.for(['bash', 'zsh', 'ksh', 'dash'])(
  'the prompt of %s behind script, after Ctrl+C, is no output of the command',
  async (shell, { ask }) => {
    needs('script', shell);
    const env = { PATH, HOME: '/', PS1: 'ready$ ' };
    await ask('session.spawn', { name: 's', argv: ['script', '-qec', shell, '/dev/null'], cwd: '/', env });
    const command = "sh -c 'echo begun; exec sleep 60'; echo after";
    const answer = ask('session.exec', { session: 's', command });
    await ask('session.wait', { session: 's', regex: '^begun\\n' });
    await ask('session.key', { session: 's', keys: 'Ctrl+C' });
    expect(await answer).toMatchObject({ stdout: 'begun\n', exit_code: 130, outcome: 'matched' });
  },
);
