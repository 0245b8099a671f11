/** One of several sessions does not end: those that do are told as ended, and that one by its name. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect } from 'vitest';
import { test } from '../harness/pilotty.ts';
import { needs, program } from '../harness/programs.ts';

/** The words that run the program in python3, which finds itself beside this test. */
function holdDead(...words: string[]): [string, ...string[]] {
  return ['python3', ...program('hold-dead.py', ...words).slice(1)];
}

async function traced(pid: number): Promise<ChildProcess> {
  const [python, ...words] = holdDead('trace', String(pid));
  const tracer = spawn(python, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(tracer.stdout ?? tracer, 'data');
  return tracer;
}

test.runIf(process.platform === 'linux')(
  'a kill of several says which have ended and which have not',
  async ({ pilotty }) => {
    needs('python3');
    const { client } = pilotty;
    await pilotty.spawn('ends', ['cat']);
    const held = await pilotty.spawn('held', holdDead('target'));
    await client.request('session.wait', { session: held, text: 'ready' });
    const tracer = await traced((await client.request('session.status', { session: held })).pid);
    try {
      const killed = await client.request('session.kill', { sessions: ['ends', 'held'], grace_ms: 0 });
      expect(killed).toMatchObject({
        results: [
          { session: 'ends', ok: true, exit: { signal: 'SIGTERM' } },
          { session: 'held', ok: false, error: { message: expect.stringContaining('did not end') } },
        ],
      });
      // The command fails, and still says what has ended.
      await pilotty.spawn('ends-too', ['cat']);
      const { code, stdout } = await pilotty.run('kill', '-s', 'ends-too', '-s', 'held');
      expect(code).not.toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({
        results: expect.arrayContaining([
          expect.objectContaining({ session: 'ends-too', ok: true }),
          expect.objectContaining({ session: 'held', ok: false }),
        ]),
      });
    } finally {
      tracer.kill('SIGKILL');
    }
    expect(await client.request('session.wait', { session: held, exit: true })).toMatchObject({
      holds: true,
    });
  },
);
