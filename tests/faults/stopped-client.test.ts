/** A client that is stopped while it reads a large answer: others are served meanwhile, and it has all of it in the end. */
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { test } from '../harness/pilotty.ts';
import { until } from '../harness/until.ts';

/** Far more than a socket and a pipe hold. */
const LINES = 60_000;

test.runIf(process.platform === 'linux')(
  'a stopped reader of a large answer holds nobody up, and finishes when it goes on',
  async ({ pilotty }) => {
    const { client } = pilotty;
    const script = `seq -f '%0100g' ${LINES}; echo the end; exec cat`;
    await pilotty.spawn('large', ['sh', '-c', script], { retain_bytes: 16 * 1024 * 1024 });
    await pilotty.spawn('other', ['cat']);
    await client.request('session.wait', { session: 'large', text: 'the end' });
    const reader = pilotty.start('output', '-s', 'large', '--ansi');
    const { pid } = reader.child;
    await until('the answer to begin', () => reader.stdout().length > 0);
    process.kill(pid as number, 'SIGSTOP');
    await until('the reader to stand still', () => / T /.test(readFileSync(`/proc/${pid}/stat`, 'latin1')));
    for (let round = 0; round < 20; round++) {
      const text = `round ${round}.`;
      const { wait } = await client.request('session.type', {
        session: 'other',
        text,
        enter: true,
        wait: { text },
      });
      expect(wait?.outcome).toBe('matched');
    }
    process.kill(pid as number, 'SIGCONT');
    const { code, stdout } = await reader.answer;
    expect(code).toBe(0);
    expect(stdout.length).toBe(LINES * 102 + 'the end\r\n'.length);
    expect(stdout.endsWith(`${String(LINES).padStart(100, '0')}\r\nthe end\r\n`)).toBe(true);
  },
);
