/** Real programs of this machine, now: what they send draws the same screen in tmux and here. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Screen } from '../../../packages/terminal/src/index.ts';
import { needs } from '../../harness/programs.ts';
import { looksAfter, oneByOne } from './compare.ts';
import { expectExplained } from './differences.ts';
import { programs } from './programs.ts';
import { prefixes, record } from './recording.ts';
import { Tmux } from './tmux.ts';

const SIZE = { cols: 80, rows: 24 };

let tmux: Tmux | undefined;
beforeAll(async () => {
  tmux = await Tmux.start().catch(() => undefined);
});
afterAll(() => tmux?.close());

test.each(Object.entries(programs))('%s draws the same in tmux and here', async (name, program) => {
  needs('tmux', ...program.needs);
  const { steps } = await record(program, SIZE);
  const looks = prefixes(steps);
  expect(looks.length).toBeGreaterThan(0);
  await oneByOne(looks, async (prefix) => {
    const found = await looksAfter(tmux as Tmux, SIZE, prefix);
    expectExplained(name, SIZE, found, { isFixed: false, ignored: 'scrollback' });
  });
});

test('vim asks who we are, and chooses the mouse that reaches every column', async () => {
  needs('vim');
  const vim = ['vim', '-u', 'NONE', '-i', 'NONE', '-N', '-c', 'set mouse=a', 'code.py'];
  const { steps } = await record(
    {
      needs: ['vim'],
      command: vim,
      steps: [{ wait: 'import os' }, { type: ':set ttymouse?\r' }, { wait: 'ttymouse=sgr' }],
    },
    SIZE,
  );
  const screen = new Screen({ ...SIZE, scrollback: 0 });
  for (const step of steps) if (step instanceof Uint8Array) screen.write(step);
  expect([screen.modes.mouse, screen.modes.mouseEncoding]).toEqual(['drag', 'sgr']);
});
