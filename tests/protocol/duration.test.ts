/** One grammar of durations: the command line's options, which tests/cli/requests.test.ts looks at, and the settings. */
import { expect, test } from 'vitest';
import { parseDuration, settingsFrom } from '../../packages/protocol/src/index.ts';

test.for([
  ['500', 500],
  ['500ms', 500],
  ['1.5s', 1500],
  ['5m', 300_000],
  ['1h30m', 5_400_000],
  ['1m1.5s20ms', 61_520],
  ['0', 0],
] as const)('%s is %d ms, in a setting as well', ([text, ms]) => {
  expect(parseDuration(text)).toBe(ms);
  expect(settingsFrom({ PILOTTY_IDLE_TIMEOUT: text, PILOTTY_REMEMBER: text })).toMatchObject({
    idleTimeoutMs: ms,
    retainMs: ms,
  });
});

test.for(['5x', '1h1', '1.5.2s', 's', '1 s', '1e3', '-1s', '1,5s', 'Infinity'])('%j is none', (text) => {
  expect(parseDuration(text)).toBe(undefined);
  expect(() => settingsFrom({ PILOTTY_IDLE_TIMEOUT: text })).toThrow(
    `PILOTTY_IDLE_TIMEOUT is '${text}', which is not a duration`,
  );
});

test('a setting is no longer than a timer can take', () => {
  expect(settingsFrom({ PILOTTY_REMEMBER: '596h' }).retainMs).toBe(2_145_600_000);
  expect(() => settingsFrom({ PILOTTY_REMEMBER: '597h' })).toThrow('at most 24 days');
});
