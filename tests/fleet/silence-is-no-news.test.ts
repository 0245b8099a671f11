/** Who waits for an event of a fleet goes on waiting while it is only told that a host does not answer. */
import { expect, test } from 'vitest';
import { declaration as answer } from '../../apps/cli/src/commands/answer.ts';
import type { Call } from '../../packages/mcp/src/tool.ts';
import { events } from '../../packages/mcp/src/tools/events.ts';

type Told = (event: { type: string; event_cursor: number }) => void;
interface Options {
  signal: AbortSignal;
  onEvent: Told;
}

/** Tells of a host that is silent, and that it is back. @returns whether it was still listened to in between */
function silentThenBack({ signal, onEvent }: Options): boolean {
  onEvent({ type: 'host_unreachable', event_cursor: 1 });
  const isListening = !signal.aborted;
  onEvent({ type: 'host_back', event_cursor: 1 });
  return isListening;
}

test('who waits to answer a question looks again once a host is back', async () => {
  const asked: string[] = [];
  const client = {
    async request(method: string, _params: object, options: Options) {
      const isBack = asked.includes('session.list');
      asked.push(method);
      const question = { question: 'q1', prompt: 'Password:' };
      if (method === 'session.list')
        return { sessions: isBack ? [{ id: 'h/1', name: 'h/a', questions: [question] }] : [] };
      if (method !== 'events.follow') return { message: '' };
      if (silentThenBack(options)) asked.push('still waits');
      options.signal.throwIfAborted();
      throw new Error('it waits on');
    },
  };
  const io = {
    env: { SECRET: 's' },
    stdout: { isTty: false, write: async () => {} },
    signal: new AbortController().signal,
  };
  const given = { wait: true, secret: 'env:SECRET', json: true };
  await answer.run(given as never, io as never, client as never, undefined as never, '', undefined as never);
  expect(asked).toEqual(['session.list', 'events.follow', 'still waits', 'session.list', 'session.answer']);
});

test('an agent that waits for the first event has another than that a host is silent', async () => {
  let isOver = false;
  const waited: boolean[] = [];
  const call = {
    answerWithinMs: 1000,
    signal: new AbortController().signal,
    request: async (_method: string, _params: object, onEvent: Told) => {
      onEvent({ type: 'host_unreachable', event_cursor: 1 });
      if (isOver) onEvent({ type: 'exited', event_cursor: 2 });
      return { event_cursor: 2 };
    },
    client: {
      request: async (_method: string, _params: object, options: Options) => {
        waited.push(silentThenBack(options));
        isOver = true;
        options.signal.throwIfAborted();
        throw new Error('it waits on');
      },
    },
  };
  const content = await events.run({ timeout_ms: 1000, after: 1 }, call as unknown as Call);
  expect(waited).toEqual([true]);
  expect(JSON.stringify(content)).toContain('exited');
});
