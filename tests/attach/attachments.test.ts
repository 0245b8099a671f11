/** Whose window gives the session its size, in every order in which people come, type and go. */
import { expect, test, vi } from 'vitest';
import { ClientIdentity } from '../../packages/daemon/src/client-identity.ts';
import { type Attachment, Attachments, type Size } from '../../packages/daemon/src/session/attachments.ts';

const SMALL = { cols: 40, rows: 10 };
const LARGE = { cols: 200, rows: 60 };
const OWN = { cols: 80, rows: 24 };

function session() {
  let size: Size = OWN;
  const resizes: string[] = [];
  const attachments = new Attachments({
    size: () => size,
    resize: (wanted) => {
      size = wanted;
      resizes.push(`${wanted.cols}x${wanted.rows}`);
    },
  });
  const resizedBy = (wanted: Size) => {
    size = wanted;
  };
  return { attachments, resizes, size: () => size, resizedBy };
}

function person(window: Size | undefined, isReadOnly = false): Attachment {
  return { id: 'x', client: new ClientIdentity({ name: 'ada' }), isReadOnly, window, inside: undefined };
}

test('who comes last, types last or changes their window last sets it; each gives it back to the one before', () => {
  const { attachments, resizes } = session();
  const [small, large] = [person(SMALL), person(LARGE)];
  attachments.add(small);
  attachments.add(large);
  attachments.typed(small.client);
  attachments.typed(small.client);
  attachments.changeWindow(large, { cols: 100, rows: 50 });
  attachments.remove(large);
  attachments.remove(small);
  expect(resizes).toEqual(['40x10', '200x60', '40x10', '100x50', '40x10', '80x24']);
});

test("who goes first, though the size was another's, changes nothing, and the first size comes back", () => {
  const { attachments, resizes, size } = session();
  const [small, large] = [person(SMALL), person(LARGE)];
  attachments.add(small);
  attachments.add(large);
  attachments.remove(small);
  expect(size()).toEqual(LARGE);
  attachments.remove(large);
  expect(resizes).toEqual(['40x10', '200x60', '80x24']);
});

test('who only looks, or has no window, sets none', () => {
  const { attachments, resizes } = session();
  const all = [person(SMALL, true), person(undefined)];
  for (const each of all) attachments.add(each);
  for (const each of all) attachments.typed(each.client);
  const [reader] = all;
  if (reader) attachments.changeWindow(reader, LARGE);
  for (const each of all) attachments.remove(each);
  expect(resizes).toEqual([]);
});

test('a size that another client has set meanwhile stays', () => {
  const { attachments, size, resizedBy } = session();
  const small = person(SMALL);
  attachments.add(small);
  resizedBy(LARGE);
  attachments.remove(small);
  expect(size()).toEqual(LARGE);
});

test('a client that is not attached types, and nothing happens', () => {
  const { attachments, resizes } = session();
  attachments.add(person(SMALL));
  attachments.add(person(LARGE));
  attachments.typed(new ClientIdentity({ name: 'ada' }));
  expect(resizes).toEqual(['40x10', '200x60']);
});

test('after an upgrade each has its place until it comes back; of who does not, the size goes', () => {
  vi.useFakeTimers();
  try {
    const before = session();
    const [small, large] = [
      { ...person(SMALL), id: 'small' },
      { ...person(LARGE), id: 'large' },
    ];
    before.attachments.add(small);
    before.attachments.add(large);
    const now = session();
    now.resizedBy(LARGE);
    now.attachments.adopt(before.attachments.state);
    now.attachments.freeze();
    const left: Attachment[] = [];
    now.attachments.thaw((attachment) => {
      left.push(attachment);
      now.attachments.remove(attachment);
    });
    const client = new ClientIdentity({ name: 'ada' });
    expect(now.attachments.returned('small', client, { isReadOnly: true })).toBeUndefined();
    const place = now.attachments.returned('small', client, { isReadOnly: false });
    expect(place).toMatchObject({ window: SMALL });
    expect(now.attachments.returned('small', client, { isReadOnly: false })).toBeUndefined();
    expect(now.attachments.person(client)).toBe(place);
    vi.advanceTimersByTime(9_999);
    expect([left, now.size()]).toEqual([[], LARGE]);
    vi.advanceTimersByTime(1);
    expect(left).toMatchObject([{ id: 'large' }]);
    if (place) now.attachments.remove(place);
    expect(now.resizes).toEqual(['40x10', '80x24']);
  } finally {
    vi.useRealTimers();
  }
});

test('while it is handed over nobody resizes a session; given up, the size is set then', () => {
  const { attachments, resizes } = session();
  const [small, large] = [person(SMALL), person(LARGE)];
  attachments.add(small);
  attachments.add(large);
  attachments.freeze();
  attachments.remove(large);
  expect(resizes).toEqual(['40x10', '200x60']);
  attachments.thaw(() => {});
  expect(resizes).toEqual(['40x10', '200x60', '40x10']);
});
