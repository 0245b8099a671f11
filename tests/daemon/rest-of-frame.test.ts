/** A screen that is told after a wait matched: when what was being drawn counts as drawn. */
import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { isReadingInput } from '../../packages/daemon/src/processes/process-table.ts';
import { Pty } from '../../packages/daemon/src/pty/pty.ts';
import type { Session } from '../../packages/daemon/src/session/session.ts';
import { frameEnds } from '../../packages/daemon/src/waiting/conditions.ts';
import { PATH } from '../harness/programs.ts';
import { until } from '../harness/until.ts';

/** @param waiting bytes that came and are not drawn */
function answerAt({
  idleMs,
  waiting = 0,
  pid = 0,
  isExited = false,
  isAll = true,
}: Partial<Looked>): unknown {
  const session = {
    isExited,
    pid,
    parsedBytes: 100 - waiting,
    retention: { totalBytes: 100 },
    times: { outputIdleMs: idleMs },
    arrived: { readAndDraw: () => isAll },
  };
  return frameEnds(session as unknown as Session)();
}

interface Looked {
  idleMs: number;
  waiting: number;
  pid: number;
  isExited: boolean;
  isAll: boolean;
}

test('it is over when nothing came for a frame, and all that came is drawn', () => {
  expect(answerAt({ idleMs: 0 })).toEqual({ askAgainInMs: 16 });
  expect(answerAt({ idleMs: 15.5 })).toEqual({ askAgainInMs: 1 });
  expect(answerAt({ idleMs: 16 })).toEqual({ holds: true });
  expect(answerAt({ idleMs: 1000, waiting: 1 })).toEqual({ askAgainInMs: 1 });
  expect(answerAt({ idleMs: 0, isExited: true })).toEqual({ holds: true });
});

test.runIf(process.platform === 'linux')(
  'it is over at once where the program waits for input again',
  async () => {
    let hasEnded = false;
    const ended = () => {
      hasEnded = true;
    };
    const pty = new Pty(
      { argv: ['/bin/sh', '-c', 'exec cat'], cwd: tmpdir(), env: { PATH }, cols: 80, rows: 24 },
      { output: () => {}, exit: ended },
    );
    const { pid } = pty;
    try {
      await until('it reads', () => isReadingInput(pid));
      expect(answerAt({ idleMs: 0, pid })).toEqual({ holds: true });
      expect(answerAt({ idleMs: 0, pid, isAll: false })).toEqual({ askAgainInMs: 16 });
    } finally {
      process.kill(pid, 'SIGKILL');
      await until('it has ended', () => hasEnded);
    }
  },
);
