/** Refs: what keeps one, what loses it, and what is said about one that is gone. */
import { describe, expect, test } from 'vitest';
import {
  activationKey,
  type DetectedElement,
  ElementTracker,
  focusedNear,
  keysTowards,
} from '../../packages/terminal/src/index.ts';

function element(
  kind: DetectedElement['kind'],
  row: number,
  col: number,
  text: string,
  more: Partial<DetectedElement> = {},
): DetectedElement {
  return { kind, row, col, width: text.length, height: 1, text, ...more };
}

const button = (row: number, col: number, text: string, more = {}) => element('button', row, col, text, more);
const row = (at: number, text: string, more = {}) => element('list_row', at, 2, text, more);

/** Refs after each of several screens, as `text@e1`. */
function refs(...screens: DetectedElement[][]): string[][] {
  const tracker = new ElementTracker();
  return screens.map((screen) => tracker.update(screen).map(({ text, ref }) => `${text}${ref}`));
}

describe('a ref stays', () => {
  test('across a change of state, and of everything else', () => {
    const before = [element('checkbox', 2, 1, 'Dry', { checked: false }), button(5, 1, 'OK')];
    const after = [
      element('link', 0, 0, 'https://example.org'),
      element('checkbox', 2, 1, 'Dry', { checked: true, focused: true }),
      button(5, 1, 'OK', { focused: true }),
    ];
    expect(refs(before, after)).toEqual([
      ['Dry@e1', 'OK@e2'],
      ['https://example.org@e3', 'Dry@e1', 'OK@e2'],
    ]);
  });

  test('across figures that count, also where they move the label', () => {
    expect(refs([button(1, 10, 'Mail (9)')], [button(1, 9, 'Mail (10)')])).toEqual([
      ['Mail (9)@e1'],
      ['Mail (10)@e1'],
    ]);
  });

  test('with an input, whatever is typed into it', () => {
    expect(refs([element('input', 1, 6, '')], [element('input', 1, 6, 'Ada')])[1]).toEqual(['Ada@e1']);
  });

  test('with each of two that look alike', () => {
    const alike = [button(1, 2, 'OK'), button(1, 10, 'OK')];
    expect(refs(alike, alike)).toEqual([
      ['OK@e1', 'OK@e2'],
      ['OK@e1', 'OK@e2'],
    ]);
    expect(refs(alike, alike.slice(1))[1]).toEqual(['OK@e2']);
  });

  test('with a row of a list, wherever scrolling takes it', () => {
    const before = ['a', 'b', 'c', 'd'].map((text, i) => row(i, text));
    const after = ['b', 'c', 'd', 'e'].map((text, i) => row(i, text));
    expect(refs(before, after)[1]).toEqual(['b@e2', 'c@e3', 'd@e4', 'e@e5']);
  });

  test('with a row that is redrawn in place', () => {
    const before = [
      row(1, '7 ada 0.0 1.5 bash'),
      row(2, '9 ada 0.2 1.0 vim'),
      row(3, 'Inbox (3)'),
      row(4, 'Sent'),
    ];
    const after = [
      row(1, '7 ada 3.7 1.5 bash'),
      row(2, '9 ada 0.1 1.0 vim'),
      row(3, 'Inbox (4)'),
      row(4, 'Sent'),
    ];
    expect(refs(before, after)[1]).toEqual([
      '7 ada 3.7 1.5 bash@e1',
      '9 ada 0.1 1.0 vim@e2',
      'Inbox (4)@e3',
      'Sent@e4',
    ]);
  });
});

describe('a new ref is given', () => {
  test('to another label at the same place', () => {
    expect(refs([button(5, 1, 'Yes')], [button(5, 1, 'OK')])[1]).toEqual(['OK@e2']);
  });

  test('to the button of another dialog, same label and place', () => {
    const dialog = (title: string) => [
      { kind: 'box' as const, row: 0, col: 0, width: 20, height: 7, text: title },
      button(5, 1, 'OK'),
    ];
    expect(refs(dialog('Delete 3 files'), dialog('Delete 2 files'), dialog('Done'))).toEqual([
      ['Delete 3 files@e1', 'OK@e2'],
      ['Delete 2 files@e1', 'OK@e2'],
      ['Done@e3', 'OK@e4'],
    ]);
  });

  test('to other rows of a list that turned a page', () => {
    const page = (from: number) => [0, 1, 2].map((i) => row(i, `item ${from + i}`));
    expect(refs(page(1), page(4))[1]).toEqual(['item 4@e4', 'item 5@e5', 'item 6@e6']);
    const files = (names: string[]) =>
      names.map((name, i) => row(i, `-rw-r--r-- 1 ada ada 452 May 1 2024 ${name}`));
    expect(refs(files(['a', 'b']), files(['c', 'd']))[1]?.map((text) => text.slice(-3))).toEqual([
      '@e3',
      '@e4',
    ]);
  });

  test('to what was gone and comes back, because a number is never used twice', () => {
    const tracker = new ElementTracker();
    for (let i = 1; i <= 5; i++) {
      expect(tracker.update([button(1, 1, 'OK')])[0]?.ref).toBe(`@e${i}`);
      tracker.update([]);
    }
  });
});

test('a ref is found, stale, or was never given', () => {
  const tracker = new ElementTracker();
  tracker.update([button(1, 1, 'Yes'), button(1, 9, 'No')]);
  const [now] = tracker.update([button(1, 9, 'No', { focused: true })]);
  expect(tracker.resolve('@e2')).toEqual({ status: 'found', element: now });
  expect(now).toEqual({ ...button(1, 9, 'No', { focused: true }), ref: '@e2' });
  expect(tracker.resolve('@e1')).toEqual({ status: 'stale', elements: [now] });
  for (const ref of ['@e3', '@e0', '@e01', 'e1', '@e', '1', '', '@e9999999999999999999']) {
    expect(tracker.resolve(ref), ref).toEqual({ status: 'unknown' });
  }
});

describe('keys that may move the focus', () => {
  const list = [row(1, 'a', { focused: true }), row(2, 'b'), row(3, 'c')];
  const ok = button(9, 2, 'OK', { focused: true });
  const cancel = button(9, 12, 'Cancel');

  test('arrows go through a list, and Tab is the second guess', () => {
    expect(keysTowards(list[0], list[2] as DetectedElement)).toEqual(['Down', 'Tab', 'Shift+Tab']);
    expect(keysTowards(list[2], list[0] as DetectedElement)).toEqual(['Up', 'Shift+Tab', 'Tab']);
  });

  test('in a row of buttons it is sideways', () => {
    expect(keysTowards(ok, cancel)).toEqual(['Right', 'Tab', 'Shift+Tab']);
    expect(keysTowards(cancel, ok)).toEqual(['Left', 'Shift+Tab', 'Tab']);
  });

  test('from one kind to another Tab comes first', () => {
    expect(keysTowards(list[0], cancel)).toEqual(['Tab', 'Shift+Tab', 'Down', 'Right']);
    expect(keysTowards(undefined, cancel)[0]).toBe('Tab');
  });

  test('where two have the focus, the one of the same kind counts', () => {
    expect(focusedNear([...list, ok, cancel], cancel)).toBe(ok);
    expect(focusedNear([...list, ok, cancel], list[2] as DetectedElement)).toBe(list[0]);
    expect(focusedNear([cancel], cancel)).toBeUndefined();
  });

  test('a toggle is switched with Space, anything else is chosen with Enter', () => {
    expect(activationKey(element('checkbox', 1, 1, 'Dry'))).toBe('Space');
    expect(activationKey(element('radio', 1, 1, 'Slow'))).toBe('Space');
    expect(activationKey(ok)).toBe('Enter');
  });
});
