/** How a fleet, its hosts and its sessions are named, and where a new session goes. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseFleet, parseFleetHost, parseServer } from '../../apps/fleet/src/address.ts';
import { decodeCursor, FleetCursor, momentOn } from '../../apps/fleet/src/fleet/cursor.ts';
import type { PlacementAnswer } from '../../apps/fleet/src/fleet/placement.ts';
import {
  namedHosts,
  namesOnSome,
  requireQualified,
  selectedOn,
  toCome,
} from '../../apps/fleet/src/fleet/selection.ts';
import { Placer } from '../../apps/fleet/src/host/placer.ts';
import { classOf } from '../../apps/fleet/src/methods.ts';
import { asName, isName, keyOf, requestOf } from '../../apps/fleet/src/names.ts';
import { isInbox } from '../../apps/fleet/src/nats/connect.ts';
import { methods } from '../../packages/protocol/src/schemas.ts';

test('a host of a fleet', () => {
  expect(parseFleetHost('tls://[::1]:4222/ci/build-1')).toEqual({
    server: '[::1]:4222',
    isEncrypted: true,
    text: 'tls://[::1]:4222/ci/build-1',
    fleet: 'ci',
    host: 'build-1',
  });
  expect(parseFleet('nats://nats.example/ci/')).toMatchObject({ server: 'nats.example', fleet: 'ci' });
  expect(parseServer('nats://nats.example')).toEqual({ server: 'nats.example', isEncrypted: false });
});

test.each([
  ...[
    '',
    'nats.example/ci/a',
    'http://nats.example/ci/a',
    'nats:///ci/a',
    'nats://a b/ci/a',
    'nats://s:0/ci/a',
  ],
  ...['nats://s:65536/ci/a', 'nats://me:secret@s/ci/a', 'nats://s/ci', 'nats://s/ci/a/b', 'nats://s/ci/*'],
  ...['nats://s/>/a', 'nats://s/ci/a.b', 'nats://s/c i/a', 'nats://$(id)/ci/a', 'nats://s/ci/a\n'],
])('%j is no host of a fleet', (text) => {
  expect(parseFleetHost(text)).toEqual({ problem: expect.stringMatching(/^and /) });
});

test('the name of any machine makes one of a fleet', () => {
  expect(asName('build.example')).toBe('build-example');
  fc.assert(fc.property(fc.string(), (text) => isName(asName(text))));
});

test('answers are sent to an inbox, and to nothing else', () => {
  expect(['_INBOX.a', '_INBOX.observer.b'].map(isInbox)).toEqual([true, true]);
  const others = [
    '',
    'pilotty.ci.host.a.act.session.key',
    '$JS.API.INFO',
    '_INBOX.>',
    '_INBOX.*',
    '_INBOXES.a',
    '_INBOX.',
    '_INBOX.a b',
  ];
  expect(others.filter(isInbox)).toEqual([]);
});

test('a method that only reads is sent as one, and every other as an act', () => {
  for (const [method, { readOnly }] of Object.entries(methods))
    expect(classOf(method, {})).toBe(readOnly ? 'read' : 'act');
  expect(classOf('session.attach', { read_only: true })).toBe('read');
  expect(['a.method.to.come', 'constructor', '__proto__'].map((method) => classOf(method, {}))).toEqual([
    'act',
    'act',
    'act',
  ]);
  expect(requestOf('pilotty.ci.host.a.act.session.key')).toEqual({
    requestClass: 'act',
    method: 'session.key',
  });
  expect(requestOf('pilotty.ci.host.a.gone.x')).toBe(undefined);
});

test('sessions are chosen by host and name', () => {
  expect(selectedOn('a', {})).toEqual({});
  expect(selectedOn('a', { sessions: ['a/x', 'b/y', '*/z', 'w', 'a?/v'] })).toEqual({
    sessions: ['x', 'z', 'w'],
  });
  expect(selectedOn('c', { sessions: ['a/x'] })).toBe(undefined);
  expect(selectedOn('c', { sessions: ['a/x'], tags: ['ci'] })).toEqual({ tags: ['ci'] });
  expect(namedHosts({ sessions: ['a/x', 'b/y*'] })).toEqual(['a', 'b']);
  expect([namedHosts({ sessions: ['a/x', 'y'] }), namedHosts({}), namedHosts({ sessions: ['*/x'] })]).toEqual(
    [undefined, undefined, undefined],
  );
  expect(namesOnSome('a', { sessions: ['a/x', 'y', 'z*', '*/u', 'b*/v'] })).toEqual(['y', 'u']);
  expect(namesOnSome('a', { sessions: ['a/x', 'x', '*/x'] })).toEqual([]);
  expect(toCome({})).toEqual({});
  expect(toCome({ sessions: ['a/x', 'y', '*/u'] })).toBe(undefined);
  expect(toCome({ sessions: ['a/x', 'z*', 'b*/v*'] })).toEqual({ sessions: ['z*', 'b*/v*'] });
  expect(toCome({ sessions: ['y'], tags: ['t'] })).toEqual({ tags: ['t'] });
  expect(requireQualified('a/x')).toEqual({ host: 'a', name: 'x' });
  for (const session of [undefined, 'x', '/x', 'a/', '*/x'])
    expect(() => requireQualified(session)).toThrow('session of a fleet');
  expect(() => requireQualified('x')).toThrow(
    expect.objectContaining({
      message: "'x' names a session of a fleet without its host",
      suggestion: expect.stringContaining('-s HOST/x'),
    }),
  );
  expect(() => requireQualified('b*/x')).toThrow("'b*/x' is a pattern");
});

test('a cursor says how far each host was read', () => {
  const hosts = fc.uniqueArray(fc.stringMatching(/^[A-Za-z0-9_-]{1,63}$/));
  fc.assert(
    fc.property(hosts, fc.integer({ min: 0, max: 2 ** 53 }), (names, cursor) => {
      const cursors = new Map(names.map((name, index) => [name, Math.max(0, cursor - index)]));
      const text = String(new FleetCursor(cursors));
      const decoded = decodeCursor(text);
      for (const [host, at] of cursors) expect(decoded.get(host)).toBe(at);
      expect(String(decoded)).toBe(text);
      // As it is told with each event: changed again and again, and each time as if it were new.
      const changed = new FleetCursor();
      for (const [host, at] of [...cursors, ...cursors].reverse()) {
        changed.set(host, at + 1);
        expect(decodeCursor(String(changed)).get(host)).toBe(at + 1);
      }
      for (const [host, at] of cursors) changed.set(host, at);
      expect(String(changed)).toBe(text);
    }),
  );
  for (const text of ['', 'f1,a', 'f1,a:', 'f2,a:1', 'f1,a:1,', 'f1,**:1', true])
    expect(() => decodeCursor(text)).toThrow('no event_cursor');
});

test('a number is a moment of each host, and stays that of those which have not answered', () => {
  const cursors = decodeCursor(1790000000000000);
  cursors.set('b', 1790000000000005);
  const again = decodeCursor(String(cursors));
  expect([again.get('a'), again.get('b'), again.others]).toEqual([
    undefined,
    1790000000000005,
    1790000000000000,
  ]);
  expect(String(again)).toBe(String(cursors));
  expect(decodeCursor('f1,a:1').others).toBe(undefined);
  // A clock may be a little behind another; nobody was told of what is far ahead.
  expect([momentOn(1000, 900), momentOn(1000, 1001), momentOn(1000, 90_000_000)]).toEqual([
    900, 1000, 90_000_000,
  ]);
});

test('a key of a user is one of the bucket, and no two are the same', () => {
  expect(keyOf('release 1.2/é')).toBe('release=201=2e2=2f=c3=a9');
  fc.assert(fc.property(fc.string(), (text) => /^[A-Za-z0-9_=-]*$/.test(keyOf(text))));
});

const hostOf = (
  host: string,
  sessions: number,
  more: { labels?: Record<string, string>; secondsAgo?: number } = {},
) => ({
  host,
  lastSeen: new Date(1_000_000_000 - 1000 * (more.secondsAgo ?? 0)),
  record: {
    instance: host,
    host,
    labels: more.labels ?? {},
    version: '1',
    protocol: 1,
    joined_at: '',
    beat_ms: 8000,
    sessions,
    load: 0,
  },
});

function placerOf(hosts: ReturnType<typeof hostOf>[]): Placer {
  const unused = () => {
    throw new Error('no key was given');
  };
  return new Placer({ bucket: unused, hosts: async () => hosts, random: () => 0.5, now: () => 0 });
}

test('a session goes to the least loaded host with the labels, those counted that were just placed', async () => {
  const placer = placerOf([hostOf('a', 9), hostOf('b', 0), hostOf('c', 0, { labels: { os: 'mac' } })]);
  const placed: PlacementAnswer[] = [];
  for (let i = 0; i < 6; i++) placed.push(await placer.place({ labels: {} }));
  const on = (host: string) => placed.filter((one) => 'host' in one && one.host === host).length;
  expect([on('a'), on('b'), on('c')]).toEqual([0, 3, 3]);
  expect(await placer.place({ labels: { os: 'mac' } })).toEqual({ host: 'c' });
  expect(await placer.place({ labels: { os: 'plan9' } })).toEqual({
    problem: 'no host has the labels os=plan9',
  });
});

test('a host that has not written for three beats gets no new session', async () => {
  const placer = placerOf([hostOf('a', 9), hostOf('b', 0, { secondsAgo: 25 })]);
  expect(await placer.place({ labels: {} })).toEqual({ host: 'a' });
});
