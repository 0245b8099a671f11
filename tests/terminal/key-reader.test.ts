/** The keys of a terminal, and what they do. */
import { describe, expect, test } from 'vitest';
import { firstView, focused, pressed, type Subject, type View } from '../../apps/cli/src/watch/controls.ts';
import { KeyReader, type TypedKey } from '../../packages/terminal/src/input/key-reader.ts';

const bytes = (text: string) => Buffer.from(text);

describe('keys', () => {
  test.each<[string, string, TypedKey[]]>([
    ['letters', 'aä', [{ text: 'a' }, { text: 'ä' }]],
    ['arrows', '\x1b[A\x1bOB', [{ name: 'Up' }, { name: 'Down' }]],
    [
      'Enter, Backspace and Ctrl+C',
      '\r\x7f\x03',
      [{ name: 'Enter' }, { name: 'Backspace' }, { name: 'Ctrl+C' }],
    ],
    ['what it does not know, such as F5 and a mouse', '\x1b[15~\x1b[<0;1;1Mq', [{ text: 'q' }]],
    ['Alt with a letter', '\x1bq', [{ name: 'Escape' }, { text: 'q' }]],
    ['a paste, as one', '\x1b[200~kill x\ry\x1b[201~q', [{ pasted: 'kill x\ry' }, { text: 'q' }]],
  ])('%s', (_, sent, keys) => {
    expect(new KeyReader().read(bytes(sent))).toEqual(keys);
    // Byte by byte, as over a slow line.
    const reader = new KeyReader();
    const byByte = [...bytes(sent)].flatMap((byte) => reader.read(Uint8Array.of(byte)));
    expect(byByte).toEqual(keys);
  });

  test('an Escape is one once nothing follows', () => {
    const reader = new KeyReader();
    expect(reader.read(bytes('\x1b'))).toEqual([]);
    expect(reader.isPending).toBe(true);
    expect(reader.flush()).toEqual([{ name: 'Escape' }]);
    expect(reader.flush()).toEqual([]);
    expect(reader.read(bytes('[A'))).toEqual([{ text: '[' }, { text: 'A' }]);
  });

  test('a paste that does not end is not kept without end', () => {
    const reader = new KeyReader();
    expect(reader.read(bytes(`\x1b[200~${'x'.repeat(1000)}`))).toEqual([]);
    expect(reader.flush()).toEqual([]);
    expect(reader.read(bytes('x'.repeat(70_000)))).toHaveLength(1);
    expect(reader.read(bytes('q'))).toEqual([{ text: 'q' }]);
  });
});

describe('pressed', () => {
  const subjects: Subject[] = Array.from({ length: 7 }, (_, index) => ({
    id: `id-${index}`,
    name: `job-${index}`,
    hasEnded: index === 6,
  }));
  const around = { subjects, columns: 3, page: 6 };
  const start = focused(firstView, subjects);
  const key = (word: string): TypedKey => (word.length === 1 ? { text: word } : { name: word });
  const typed = (words: string[], view: View = start) =>
    words.reduce<ReturnType<typeof pressed>>((last, word) => pressed(last.view, key(word), around), { view });

  test.each([
    [['Right'], 1],
    [['Down', 'Right'], 4],
    [['Down', 'Down', 'Down'], 6],
    [['End', 'Up'], 3],
    [['PageDown', 'Home'], 0],
    [['l', 'j', 'h', 'k'], 0],
    [['Left'], 0],
    [['v', 'Down'], 1],
    [['Enter', 'Down'], 1],
  ])('%j moves the focus to %d', (words, index) => {
    expect(typed(words).view).toMatchObject({ focus: `id-${index}`, focusIndex: index });
  });

  test('kill asks first, and only a yes ends the session', () => {
    const asked = typed(['Right', 'x']);
    expect(asked).toMatchObject({ view: { dialog: { kind: 'kill', name: 'job-1' } } });
    expect(asked.todo).toBeUndefined();
    expect(typed(['y'], asked.view)).toEqual({
      view: { ...asked.view, dialog: undefined },
      todo: { kind: 'kill', id: 'id-1', name: 'job-1' },
    });
    for (const word of ['n', 'Enter', 'Escape', ' ', 'x', 'q'])
      expect(typed([word], asked.view)).toEqual({ view: { ...asked.view, dialog: undefined } });
    const pasted = pressed(asked.view, { pasted: 'y' }, around);
    expect(pasted.todo).toBeUndefined();
  });

  test('kill and attach are about the session that was asked about, wherever it has moved', () => {
    const asked = typed(['x']).view;
    const moved = pressed(asked, { text: 'y' }, { ...around, subjects: subjects.toReversed() });
    expect(moved.todo).toMatchObject({ kind: 'kill', id: 'id-0' });
  });

  test('of an ended session there is nothing to kill or to attach to', () => {
    expect(typed(['End', 'x'])).toMatchObject({
      view: { dialog: undefined },
      notice: 'job-6 has already ended',
    });
    expect(typed(['End', 'a']).notice).toBe('job-6 has ended: there is nothing to attach to');
    expect(typed(['a']).todo).toEqual({ kind: 'attach', id: 'id-0', name: 'job-0' });
  });

  test('a filter takes every key until Enter or Escape', () => {
    const filtering = typed(['/', 'q', 'x', 'Backspace']);
    expect(filtering.view).toMatchObject({ filter: 'q', dialog: { kind: 'filter', draft: 'q' } });
    expect(typed(['Enter'], filtering.view).view).toMatchObject({ filter: 'q', dialog: undefined });
    expect(typed(['Escape'], filtering.view).view).toMatchObject({ filter: '', dialog: undefined });
    const pasted = pressed(filtering.view, { pasted: 'a\nb\x1b' }, around);
    expect(pasted.view.filter).toBe('qa b ');
  });

  test('what is pasted presses no key', () => {
    expect(pressed(start, { pasted: 'q' }, around)).toEqual({ view: start });
  });

  test.each([
    ['q', 'quit'],
    ['Ctrl+C', 'quit'],
    ['Ctrl+Z', 'suspend'],
    ['Ctrl+L', 'repaint'],
  ])('%s: %s', (word, kind) => {
    expect(typed([word]).todo).toEqual({ kind });
  });

  test('Ctrl+C quits whatever is asked', () => {
    expect(typed(['x', 'Ctrl+C']).todo).toEqual({ kind: 'quit' });
    expect(typed(['/', 'Ctrl+C']).todo).toEqual({ kind: 'quit' });
  });

  test('the focus stays on its session, and where that is gone at its place', () => {
    const second = typed(['Right']).view;
    expect(focused(second, subjects.toReversed())).toMatchObject({ focus: 'id-1', focusIndex: 5 });
    const gone = subjects.filter(({ id }) => id !== 'id-1');
    expect(focused({ ...second, isEnlarged: true }, gone)).toMatchObject({
      focus: 'id-2',
      focusIndex: 1,
      isEnlarged: false,
    });
    expect(focused(second, [])).toMatchObject({ focus: undefined, focusIndex: 0 });
  });
});
