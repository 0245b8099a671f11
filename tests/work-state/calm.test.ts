/** Since when a screen looks the same, whatever is drawn. */
import { expect, test } from 'vitest';
import type { Session } from '../../packages/daemon/src/session/session.ts';
import { Calm } from '../../packages/daemon/src/work-state/calm.ts';

/** A session as Calm knows it: what it shows, and when that was drawn. */
class Shown {
  readonly times = { drawn: 1 };
  readonly screen = {
    hasUndrawnLines: false,
    topLine: 0,
    text: () => {
      this.looks += 1;
      return this.#text;
    },
  };
  readonly calm: Calm;
  /** How often its text was asked for. */
  looks = 0;
  #text = '';

  constructor() {
    this.calm = new Calm(this as unknown as Session);
  }

  draw(text: string, at: number): void {
    this.#text = text;
    this.times.drawn = at;
    this.calm.drawn();
  }
}

test('what is drawn again and again, and looks the same, is calm since it looks so', () => {
  const shown = new Shown();
  shown.draw('> ', 10);
  expect(shown.calm.since).toBe(10);
  for (let at = 20; at < 100; at++) shown.draw('> ', at);
  expect(shown.calm.since).toBe(10);
});

test('a clock is no change', () => {
  const shown = new Shown();
  shown.draw('> 09:59:59', 10);
  expect(shown.calm.since).toBe(10);
  shown.draw('> 10:00:00', 20);
  expect(shown.calm.since).toBe(10);
});

test('a spinner is a change, also where it looks the same whenever it is asked about', () => {
  const shown = new Shown();
  shown.draw('|', 10);
  expect(shown.calm.since).toBe(10);
  shown.draw('/', 20);
  shown.draw('|', 30);
  expect(shown.calm.since).toBe(30);
});

test('a cursor that the program draws is no change when it blinks', () => {
  const shown = new Shown();
  shown.draw('> why█', 10);
  expect(shown.calm.since).toBe(10);
  shown.draw('> why ', 20);
  expect(shown.calm.since).toBe(10);
});

test('since when nothing but an animation has changed: dots, stars, numbers that count', () => {
  const shown = new Shown();
  shown.draw('⠋ Reading (1s)', 10);
  expect(shown.calm.stillSince).toBe(10);
  shown.draw('⠙ Reading (2s)', 20);
  expect([shown.calm.since, shown.calm.stillSince]).toEqual([20, 10]);
  shown.draw('⠹ Writing (3s)', 30);
  expect(shown.calm.stillSince).toBe(30);
});

test('a screen that scrolls by has changed, also where its lines are the same', () => {
  const shown = new Shown();
  shown.draw('y', 10);
  expect(shown.calm.since).toBe(10);
  shown.screen.topLine = 1;
  shown.draw('y', 20);
  expect(shown.calm.since).toBe(20);
});

test('what is drawn between two questions is looked at a few times at most, and a flood not at all', () => {
  const shown = new Shown();
  shown.draw('same', 10);
  void shown.calm.since;
  shown.looks = 0;
  for (let at = 20; at < 1_020; at++) shown.draw('same', at);
  expect(shown.looks).toBeLessThan(30);
  shown.looks = 0;
  for (let at = 2_000; at < 3_000; at++) shown.draw('other', at);
  expect(shown.looks).toBeLessThan(30);
  shown.screen.hasUndrawnLines = true;
  shown.looks = 0;
  shown.draw('flood', 4_000);
  expect(shown.calm.since).toBe(4_000);
  expect(shown.looks).toBe(0);
});
