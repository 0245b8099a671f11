import { expect, test } from 'vitest';
import { endOnSignals } from '../../packages/protocol/src/index.ts';

function program() {
  const listeners = new Map<string, () => void>();
  const exits: number[] = [];
  let now = 0;
  const on = (signal: string, listener: () => void) => listeners.set(signal, listener);
  const ended = endOnSignals({ on, exit: (code) => exits.push(code) }, () => now);
  const send = (signal: string, atMs: number) => {
    now = atMs;
    listeners.get(signal)?.();
  };
  return { ended, exits, send, signals: [...listeners.keys()] };
}

test('the first signal ends in order, and the second one at once, unless it is the same', () => {
  const { ended, exits, send } = program();
  send('SIGINT', 1000);
  expect(ended.signal.aborted).toBe(true);
  send('SIGINT', 1400);
  expect(exits).toEqual([]);
  send('SIGTERM', 2000);
  expect(exits).toEqual([143]);
});

test('a signal to a program that ends already is the second', () => {
  const { ended, exits, send } = program();
  ended.abort();
  send('SIGHUP', 1);
  expect(exits).toEqual([129]);
});

test('the signal at which Node would open its inspector does nothing', () => {
  const { ended, exits, send, signals } = program();
  expect(signals).toContain('SIGUSR1');
  send('SIGUSR1', 1);
  expect([ended.signal.aborted, exits]).toEqual([false, []]);
});
