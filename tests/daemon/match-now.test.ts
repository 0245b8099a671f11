/** What a wait found, and where that stands on the screen of its answer: never the row of another text. */
import { describe, expect } from 'vitest';
import { type Match, screenOf } from '../../packages/daemon/src/search/line-search.ts';
import { matchNow } from '../../packages/daemon/src/search/match-now.ts';
import type { Session } from '../../packages/daemon/src/session/session.ts';
import { Screen } from '../../packages/terminal/src/index.ts';
import { test } from '../harness/pilotty.ts';

/** A session as a search sees it: a screen of ten rows, and how much has been written to it. */
class Shown {
  readonly screen = new Screen({ cols: 20, rows: 10, scrollback: 100 });
  readonly isExited = false;
  parsedBytes = 0;

  write(text: string): this {
    this.screen.write(Buffer.from(text));
    this.parsedBytes += text.length;
    return this;
  }

  find(text: string): Match {
    const searched = screenOf(this as unknown as Session);
    return searched.matchAt({ index: searched.text.indexOf(text), text, groups: [] });
  }

  now(match: Match) {
    const { row, col } = matchNow(this as unknown as Session, match);
    return { row, col };
  }
}

describe('on the screen of the answer a match stands', () => {
  test('where it was found, as long as nothing has moved it', () => {
    const shown = new Shown().write('one\r\n  READY');
    const match = shown.find('READY');
    expect(shown.now(match)).toEqual({ row: 1, col: 2 });
    expect(shown.write('\r\nmore').now(match)).toEqual({ row: 1, col: 2 });
  });

  test('higher by the lines that were printed since, and above the screen once it has left it', () => {
    const shown = new Shown().write('one\r\ntwo\r\nREADY\r\n');
    const match = shown.find('READY');
    expect(shown.write('x\r\n'.repeat(8)).now(match)).toEqual({ row: 0, col: 0 });
    expect(shown.write('x\r\n'.repeat(5)).now(match)).toEqual({ row: -5, col: 0 });
  });

  test('nowhere once something else is drawn there, also where the same text is the echo of what was typed', () => {
    const shown = new Shown().write('echo READY\r\nREADY');
    const match = shown.find('READY');
    expect(match.row).toBe(0);
    const second = { ...match, row: 1, col: 0, line: match.line + 1 };
    expect(shown.now(second)).toEqual({ row: 1, col: 0 });
    expect(shown.write('\r\x1b[Kother').now(second)).toEqual({ row: null, col: null });
    expect(shown.now(match)).toEqual({ row: 0, col: 5 });
  });

  test('in a full-screen program where it is drawn anew, if that is one place only', () => {
    const shown = new Shown().write('\x1b[?1049h\x1b[HREADY');
    const match = shown.find('READY');
    expect(shown.write('\x1b[2J\x1b[4;3HREADY').now(match)).toEqual({ row: 3, col: 2 });
    expect(shown.write('\x1b[6;3HREADY').now(match)).toEqual({ row: null, col: null });
    expect(shown.write('\x1b[2J').now(match)).toEqual({ row: null, col: null });
  });

  test('also where it goes on in the next row, and behind wide characters', () => {
    const shown = new Shown().write(`${'漢'.repeat(8)}READY`);
    const match = shown.find('READY');
    expect(shown.now(match)).toEqual({ row: 0, col: 16 });
    expect(shown.write('\r\n'.repeat(12)).now(match)).toEqual({ row: -4, col: 16 });
  });
});

test('the row that an answer has is that of the screen beside it, which is a later one', async ({
  pilotty,
}) => {
  const { client } = pilotty;
  const later = 'for i in 1 2; do read x; printf "  READY $i\\n"; sleep 0.1; seq 60; done; exec cat';
  const session = await pilotty.spawn('later', ['sh', '-c', later]);
  const placed = (screen: { text?: string; first_row?: number }, row: number | null | undefined) =>
    (screen.text ?? '').split('\n')[(row ?? Number.NaN) - (screen.first_row ?? 0)];

  await client.request('session.type', { session, text: '', enter: true });
  const looked = await client.request('session.snapshot', {
    session,
    wait: { text: 'READY 1' },
    settle_ms: 300,
    scrollback: 100,
  });
  expect(placed(looked, looked.wait?.match?.row)).toBe('  READY 1');

  const { wait, screen } = await client.request('session.type', {
    session,
    text: '',
    enter: true,
    wait: { text: 'READY 2' },
    snapshot: { scrollback: 100 },
  });
  expect(placed(screen ?? {}, wait?.match?.row)).toBe('  READY 2');
});
