/** A program that asks for more input may have printed something that has not been read from its terminal. */
import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import type { InputMark } from '../../packages/daemon/src/input/input-mark.ts';
import { isReadingInput } from '../../packages/daemon/src/processes/process-table.ts';
import { Pty } from '../../packages/daemon/src/pty/pty.ts';
import type { Session } from '../../packages/daemon/src/session/session.ts';
import { allInputRead } from '../../packages/daemon/src/waiting/all-input-read.ts';
import { readsInput } from '../../packages/daemon/src/waiting/awaits-input.ts';
import { inputTaken } from '../../packages/daemon/src/waiting/input-taken.ts';
import { Screen } from '../../packages/terminal/src/index.ts';
import { PATH } from '../harness/programs.ts';
import { until } from '../harness/until.ts';

/** A session that a line was typed to long ago, and whose program has printed pieces that still lie in its terminal. */
function printed(pieces: number, pid = 0) {
  const session = {
    isExited: false,
    acts: { lastSeq: 1, last: { submitted: { seq: 1 } } },
    times: { inputIdleMs: 1000, stillMs: 1000, activity: 1 },
    pid,
    screen: new Screen({ cols: 20, rows: 4, scrollback: 10 }),
    seq: 2,
    parsedSeq: 2,
    arrived: {
      read() {
        if (pieces > 0) session.seq += 1;
        pieces -= 1;
      },
    },
  };
  return session as unknown as Session & { parsedSeq: number };
}

test('it is read first, and holds once a further look finds nothing', () => {
  const session = printed(2);
  const ask = allInputRead(session);
  for (const seq of [3, 4]) {
    expect(ask()).toEqual({ goOn: expect.any(Promise) });
    expect(session.seq).toBe(seq);
    session.parsedSeq = seq;
  }
  expect(ask()).toEqual({ holds: true });
});

test.runIf(process.platform === 'linux')(
  'an input that was taken, and a wait for one who reads, look at what was printed before',
  async () => {
    let hasEnded = false;
    const exit = () => {
      hasEnded = true;
    };
    const { pid } = new Pty(
      { argv: ['/bin/sh', '-c', 'exec cat'], cwd: tmpdir(), env: { PATH }, cols: 80, rows: 24 },
      { output: () => {}, exit },
    );
    try {
      await until('it reads', () => isReadingInput(pid));
      const input = { seq: 1, latestSeq: 1, isTaken: false, moment: 1, typed: '' } as unknown as InputMark;
      const taken = printed(1, pid);
      const isTaken = inputTaken(taken, input);
      expect([isTaken(), taken.seq]).toEqual([{ askAgainInMs: expect.any(Number) }, 3]);
      taken.parsedSeq = 3;
      expect(isTaken()).toEqual({ holds: true });
      const reading = printed(1, pid);
      const { ask } = readsInput(reading, input);
      expect([ask(), reading.seq]).toEqual([{ askAgainInMs: expect.any(Number) }, 3]);
      reading.parsedSeq = 3;
      expect(ask()).toEqual({ holds: { since: 1 } });
    } finally {
      process.kill(pid, 'SIGKILL');
      await until('it has ended', () => hasEnded);
    }
  },
);
