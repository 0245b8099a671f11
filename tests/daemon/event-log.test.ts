/** What the log of events keeps, and for how long. */
import { expect, test } from 'vitest';
import { EventLog, type Subject } from '../../packages/daemon/src/events/event-log.ts';
import { MAX_EVENTS, MAX_EVENTS_OF_SESSION } from '../../packages/daemon/src/limits.ts';

function subject(id: string): Subject {
  return { id, name: id, tags: new Set() };
}

/** All that can be read from a cursor on. */
function read(log: EventLog, after: number): string[] {
  const reader = log.read(after, () => true);
  const told: string[] = [];
  for (let event = reader.take(); event; event = reader.take()) {
    told.push(event.type === 'missed' ? `missed ${event.count}` : `${event.session} ${event.type}`);
  }
  reader.close();
  return told;
}

test('of one session the newest events are kept, and of the others all', () => {
  const log = new EventLog();
  const first = log.add('bell', subject('quiet'), { count: 1 });
  for (let count = 0; count < 10 * MAX_EVENTS_OF_SESSION; count += 1)
    log.add('bell', subject('flood'), { count });
  const told = read(log, first.cursor - 1);
  expect(told.filter((line) => line === 'flood bell')).toHaveLength(MAX_EVENTS_OF_SESSION);
  expect(told).toContain('quiet bell');
  expect(told[0]).toBe(`missed ${9 * MAX_EVENTS_OF_SESSION}`);
});

test('of all sessions the newest events are kept', () => {
  const log = new EventLog();
  const { cursor } = log.add('bell', subject('0'), { count: 1 });
  for (let count = 1; count < 3 * MAX_EVENTS; count += 1) log.add('bell', subject(String(count)), { count });
  expect(read(log, 0)).toHaveLength(MAX_EVENTS);
  const told = read(log, cursor - 1);
  expect(told[0]).toBe(`missed ${2 * MAX_EVENTS}`);
  expect(told[1]).toBe(`${2 * MAX_EVENTS} bell`);
});

test('a reader that is behind is told how much went, of what it wants', () => {
  const log = new EventLog();
  const reader = log.read(undefined, ({ subject: { id } }) => id === 'wanted');
  for (let count = 0; count < MAX_EVENTS_OF_SESSION + 5; count += 1) {
    log.add('bell', subject('wanted'), { count });
    log.add('bell', subject('other'), { count });
  }
  expect(reader.take()).toMatchObject({ type: 'missed', count: 5 });
  reader.close();
});

test('an event that is gone keeps nothing of its session', () => {
  const log = new EventLog();
  const facts = () => ({ revision: 1 });
  const gone = log.add('changed', subject('one'), facts);
  const kept = log.add('changed', subject('one'), facts);
  expect(gone).toMatchObject({ isGone: true, facts: undefined });
  expect(kept.facts).toBe(facts);
});

test('an event costs the same in a full log as in an empty one', () => {
  const steps = (fill: number) => {
    const log = new EventLog();
    for (let count = 0; count < fill; count += 1) log.add('bell', subject(String(count % 64)), { count });
    // How often the identity of a session is looked at is how often an entry is.
    let looks = 0;
    const counted = {
      get id() {
        looks += 1;
        return '1';
      },
      name: 'one',
      tags: new Set<string>(),
    };
    for (let count = 0; count < 2 * MAX_EVENTS_OF_SESSION; count += 1) log.add('bell', counted, { count });
    return looks;
  };
  expect(steps(MAX_EVENTS)).toBeLessThanOrEqual(2 * steps(MAX_EVENTS_OF_SESSION));
});
