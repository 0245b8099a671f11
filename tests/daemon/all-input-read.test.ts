/** A program that asks for more input may have printed something that has not been read from its terminal. */
import { expect, test } from 'vitest';
import type { Session } from '../../packages/daemon/src/session/session.ts';
import { allInputRead } from '../../packages/daemon/src/waiting/all-input-read.ts';

/** A session whose program reads, as far as is known, and has printed pieces that still lie in its terminal. */
function printed(pieces: number, isCertain: boolean) {
  const session = {
    isExited: false,
    acts: { lastSeq: 1, last: { submitted: { seq: 1 } } },
    times: { inputIdleMs: 1000, stillMs: 1000 },
    pid: 0,
    screen: { textBeforeCursor: '$ ' },
    seq: 2,
    parsedSeq: 2,
    readArrived() {
      session.seq += pieces;
      session.parsedSeq = session.seq;
      pieces = 0;
      return isCertain;
    },
  };
  return session as unknown as Session;
}

test('it is read first, and what comes of it is asked again', () => {
  const ask = allInputRead(printed(1, true));
  expect(ask()).toEqual({ askAgainInMs: expect.any(Number) });
  expect(ask()).toEqual({ holds: true });
});

test('with nothing left there it holds at once; where that is not certain, once a turn has brought nothing', () => {
  expect(allInputRead(printed(0, true))()).toEqual({ holds: true });
  const ask = allInputRead(printed(0, false));
  expect(ask()).toEqual({ goOn: expect.any(Promise) });
  expect(ask()).toEqual({ holds: true });
});
