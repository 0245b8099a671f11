/** What a locator finds, waits for, and refuses. */
import { describe, expect } from 'vitest';
import type { Pilotty, Session } from '../../packages/sdk/src/index.ts';
import { columnsOf } from '../../packages/terminal/src/columns.ts';
import { test as base } from '../harness/pilotty.ts';
import { sdk, startLocal } from './built.ts';

const test = base.extend<{ daemon: Pilotty; show: (text: string) => Promise<Session> }>({
  daemon: async ({ task: _ }, use) => {
    const daemon = await startLocal();
    await use(daemon);
    await daemon.close();
  },
  /** A screen with this text, of a program that then prints what is typed. */
  show: async ({ daemon }, use) => {
    await use(async (text) => {
      const shell = await daemon.spawn(
        ['sh', '-c', 'printf "%s" "$TEXT"; stty -echo; echo; echo :; exec cat'],
        {
          env: { TEXT: text },
          wait: { regex: '^:$' },
        },
      );
      return shell;
    });
  },
});

test('several places are listed, and one of them is chosen', async ({ show }) => {
  const session = await show('Save\nSave as\nLoad');
  const save = session.getByText('Save');
  expect(await save.count()).toBe(2);
  const error = await save.textContent().catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(sdk.ConditionFailedError);
  expect(error).toMatchObject({
    message: [
      'getByText("Save") fits 2 places in session \'sh\':',
      '  0: "Save" at row 0, column 0',
      '  1: "Save" at row 1, column 0',
    ].join('\n'),
    screen: { type: 'screen_state' },
  });
  expect(await save.first().bounds()).toEqual({ row: 0, col: 0, width: 4, height: 1 });
  expect(await save.last().bounds()).toMatchObject({ row: 1 });
  expect(await save.nth(5).count()).toBe(0);
  expect(await session.getByText('Save', { exact: true }).count()).toBe(1);
  expect(await session.getByText('save', { ignore_case: true }).count()).toBe(2);
  expect(await session.getByText(/^load$/i).textContent()).toBe('Load');
});

test('what is not there yet is waited for, without asking again until the screen has changed', async ({
  show,
}) => {
  const session = await show('one');
  const shown = session.getByText('two').waitFor();
  const hidden = session.getByText('one').waitFor({ state: 'hidden' });
  await session.type('two\n');
  await shown;
  await session.type('\u001b[2J\n');
  await hidden;
  const error = await session
    .getByText('three')
    .waitFor({ timeout_ms: 50 })
    .catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(sdk.TimeoutError);
  expect(error).toMatchObject({ message: expect.stringContaining('getByText("three") was to be visible') });
  const gone = session
    .getByText('three')
    .click()
    .catch((reason: unknown) => reason);
  await session.kill();
  expect(await gone).toBeInstanceOf(sdk.SessionExitedError);
});

test('places are cells, also behind characters that take two or none', async ({ show, daemon }) => {
  const session = await show('日本 OK é́ x 👨‍👩‍👧 END');
  for (const text of ['OK', 'x', 'END']) {
    const { col } = await session.getByText(text).bounds();
    const { match } = await session.waitFor({ text });
    expect([text, col]).toEqual([text, match?.col]);
  }
  expect(await daemon.list()).toMatchObject({ sessions: [{ name: 'sh' }] });
});

describe('columns', () => {
  test.for([
    ['', [0]],
    ['ab', [0, 1, 2]],
    ['日x', [0, 2, 3]],
    ['e\u0301x', [0, 0, 1, 2]],
    ['👍x', [0, 0, 2, 3]],
    ['❤\ufe0fx', [0, 0, 2, 3]],
  ] as const)('%j', ([text, columns]) => {
    expect(columnsOf(text)).toEqual(columns);
  });
});

test('an error of a code is known by its class alone, whichever copy of the package has made it', async ({
  daemon,
}) => {
  const error = await daemon.attach('nobody').catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(sdk.SessionNotFoundError);
  expect(error).not.toBeInstanceOf(sdk.TimeoutError);
  expect(error).toMatchObject({ suggestion: expect.stringContaining('list-sessions') });
  expect(new Error('x')).not.toBeInstanceOf(sdk.PilottyError);
  expect(null).not.toBeInstanceOf(sdk.PilottyError);
});
