/** asciinema itself reads what is recorded. */
import { join } from 'node:path';
import { expect } from 'vitest';
import { test } from '../harness/pilotty.ts';
import { needs } from '../harness/programs.ts';

test('asciinema prints all of a recording of version 2, from its first output or from later on', async ({
  pilotty,
}) => {
  needs('asciinema');
  const [first, late] = [join(pilotty.home, 'first.cast'), join(pilotty.home, 'late.cast')];
  const session = await pilotty.spawn('both', ['cat'], { record: { file: first, format: 'v2' } });
  await pilotty.run('send', '-s', session, 'äöü 漢字 one', 'Enter', '--wait-text', 'one');
  await pilotty.run('record', 'start', '-s', session, late, '--format', 'v2');
  await pilotty.run('record', 'mark', '-s', session, 'here');
  await pilotty.run('resize', '-s', session, '100', '30');
  await pilotty.run('send', '-s', session, 'two', 'Enter', '--wait-text', 'two');
  await pilotty.run('record', 'stop', '-s', session);
  for (const [index, file] of [first, late].entries()) {
    // It wants a terminal.
    const env = { ...pilotty.env, LC_ALL: 'C.UTF-8' };
    const name = `cat-${index}`;
    await pilotty.spawn(name, ['asciinema', 'cat', file], { env });
    await pilotty.run('wait', '-s', name, '--exit');
    const { stdout } = await pilotty.run('output', '-s', name);
    expect(stdout).toContain('äöü 漢字 one');
    expect(stdout).toContain('two');
    expect((await pilotty.run('status', '-s', name)).json().exit.exit_code).toBe(0);
  }
});
