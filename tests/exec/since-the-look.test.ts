/** What is printed between the look at a prompt and the line that exec types there, while it still lies in the kernel. */
import fs, { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Call, Cancellation } from '../../packages/daemon/src/call.ts';
import type { Daemon } from '../../packages/daemon/src/daemon.ts';
import { startInProcess } from '../../packages/daemon/src/in-process.ts';
import { needs, PATH } from '../harness/programs.ts';

test.runIf(process.platform === 'linux')(
  'a question that is printed as a line is about to be typed is not answered with it',
  async () => {
    needs('python3');
    const directory = realpathSync(mkdtempSync(join(tmpdir(), 'pt-')));
    const { daemon, close } = await startInProcess(directory);
    try {
      const ask = (method: string, params: object) => {
        const caller = { isGone: () => false, emit: async () => {}, ready: async () => {} };
        return daemon.answer(method, params, new Call(caller, new Cancellation()));
      };
      const argv = ['python3', '-q'];
      await ask('session.spawn', { name: 'x', argv, cwd: '/', env: { PATH }, wait: { prompt: true } });
      const session = (daemon as Daemon).sessions.get('x');
      const terminal = fs.openSync(
        session.terminalPath as string,
        fs.constants.O_WRONLY | fs.constants.O_NOCTTY,
      );
      const { inputTurns } = session;
      const { during } = inputTurns;
      inputTurns.during = (input, until) => {
        fs.writeSync(terminal, 'Overwrite it? ');
        inputTurns.during = during;
        return during.call(inputTurns, input, until) as never;
      };
      await expect(
        ask('session.exec', { session: 'x', command: 'print(1)', timeout_ms: 20_000 }),
      ).rejects.toMatchObject({
        code: 'CONDITION_FAILED',
      });
      expect(session.acts.lastSeq).toBe(0);
      fs.closeSync(terminal);
    } finally {
      await close();
      rmSync(directory, { recursive: true, force: true });
    }
  },
);
