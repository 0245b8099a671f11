/** Iterators: nothing twice, nothing left out, and nothing left behind. */
import { describe, expect } from 'vitest';
import type { Pilotty } from '../../packages/sdk/src/index.ts';
import { test as base } from '../harness/pilotty.ts';
import { until } from '../harness/until.ts';
import { startLocal } from './built.ts';
import { endGateway, gatewayOf, openBy, ways } from './ways.ts';

const test = base;

describe.each(ways)('%s', (way) => {
  const here = test.extend<{ daemon: Pilotty }>({
    daemon: async ({ pilotty }, use) => {
      const daemon = await openBy(way, pilotty);
      await use(daemon);
      await daemon.close();
      if (way === 'through a gateway') await endGateway(pilotty);
    },
  });

  here('a loop over events that is left goes on where it was', async ({ daemon }) => {
    const { event_cursor: before } = await daemon.list();
    const cat = await daemon.spawn('cat', { name: 'cat' });
    const seen: (string | undefined)[] = [];
    let cursor = before;
    for (const wanted of ['spawned', 'tagged', 'renamed', 'exited']) {
      if (wanted === 'tagged') await cat.tag({ add: ['x'] });
      if (wanted === 'renamed') await cat.rename('dog');
      if (wanted === 'exited') await cat.kill();
      const types = ['spawned', 'tagged', 'renamed', 'exited'] as const;
      for await (const event of daemon.events({ after: cursor, types: [...types] })) {
        seen.push(`${event.type} ${event.session}`);
        cursor = event.event_cursor;
        break;
      }
    }
    expect(seen).toEqual(['spawned cat', 'tagged cat', 'renamed dog', 'exited dog']);
  });

  here('a loop may ask for other things, however slow it is', async ({ daemon }) => {
    const seq = await daemon.spawn(['seq', '1', '20000']);
    let text = '';
    for await (const { output } of seq.followOutput({ since: 0 })) {
      text += output;
      await seq.status();
    }
    expect(text.split('\n').filter((line) => line !== '')).toEqual(
      Array.from({ length: 20_000 }, (_, index) => String(index + 1)),
    );
  });

  here('changes are the latest screen, up to the last one', async ({ daemon }) => {
    const shell = await daemon.spawn(['sh', '-c', 'read x; seq 1 500; echo done']);
    const texts: string[] = [];
    for await (const { text = '', exit } of shell.changes()) {
      texts.push(text);
      if (texts.length === 1) await shell.key('Enter');
      if (exit) break;
    }
    expect(texts[0]).toBe('');
    expect(texts.at(-1)).toMatch(/\ndone$/);
    expect(new Set(texts).size).toBeGreaterThanOrEqual(2);
  });

  here('a terminal is told what to write', async ({ daemon }) => {
    const shell = await daemon.spawn(['sh', '-c', 'printf hello; read x; printf bye']);
    const types: string[] = [];
    let written = '';
    for await (const update of shell.view()) {
      if (!types.includes(update.type)) types.push(update.type);
      if (update.type === 'screen') await shell.key('Enter');
      if (update.type !== 'exited') written += Buffer.from(update.bytes).toString();
    }
    expect(types.at(0)).toBe('screen');
    expect(types.at(-1)).toBe('exited');
    expect(written).toContain('bye');
  });

  here('what is left early is over in the daemon, too', async ({ daemon }) => {
    const cat = await daemon.spawn('cat');
    const { connections: before } = await daemon.info();
    const loops = [cat.followOutput(), cat.followBytes(), cat.events(), cat.changes(), cat.view()];
    const waiting = loops.map((loop) => loop.next());
    await Promise.all(loops.map((loop) => loop.return()));
    for (const next of await Promise.all(waiting)) expect([true, false]).toContain(next.done);
    for (const loop of loops) expect(await loop.next()).toEqual({ done: true, value: undefined });
    await until('the connections to end', async () => (await daemon.info()).connections <= before);
  });

  here('everything ends with its signal', async ({ daemon }) => {
    const cat = await daemon.spawn('cat');
    const reason = new Error('enough');
    const pending = (ask: (options: { signal: AbortSignal }) => Promise<unknown>) => {
      const ending = new AbortController();
      const answer = ask({ signal: ending.signal });
      setTimeout(() => ending.abort(reason), 20);
      return expect(answer).rejects.toBe(reason);
    };
    const long = { timeout_ms: 60_000 };
    await Promise.all([
      pending((options) => cat.waitFor({ text: 'x', ...long }, options)),
      pending((options) => cat.key('a', { wait: { text: 'x', ...long } }, options)),
      pending((options) =>
        cat
          .snapshot({ await_change: true as never, ...long }, options)
          .catch(() => cat.waitFor({ bell: true, ...long }, options)),
      ),
      pending((options) => cat.getByText('x').click(long, options)),
      pending((options) => cat.getByElement('button').waitFor(long, options)),
      pending((options) => daemon.waitFor({ sessions: ['nobody-*'], exit: true, ...long }, options)),
      pending((options) => daemon.idle({ idle_ms: 60_000, ...long }, options)),
      pending((options) =>
        cat
          .followBytes({}, options)
          .next()
          .then(() => cat.waitFor({ bell: true }, options)),
      ),
      pending((options) => cat.events({ types: ['bell'] }, options).next()),
    ]);
    const already = { signal: AbortSignal.abort(reason) };
    await expect(cat.status(already)).rejects.toBe(reason);
    await expect(cat.view({}, already).next()).rejects.toBe(reason);
    await expect(daemon.spawn('cat', {}, already)).rejects.toBe(reason);
    expect((await cat.status()).state).toBe('running');
  });

  here('what is still asked when the client is closed is refused', async ({ daemon }) => {
    const cat = await daemon.spawn('cat');
    const asked = cat.waitFor({ text: 'x' }).catch((error: unknown) => error);
    const looped = cat
      .events({ types: ['bell'] })
      .next()
      .catch((error: unknown) => error);
    await daemon.info();
    await daemon.close();
    expect(await asked).toMatchObject({ code: 'DAEMON_UNREACHABLE' });
    expect(await looped).toMatchObject({ code: 'DAEMON_UNREACHABLE' });
    await expect(cat.status()).rejects.toMatchObject({ code: 'DAEMON_UNREACHABLE' });
  });
});

test('a stream through a gateway goes on after the gateway was restarted, without a gap', async ({
  pilotty,
}) => {
  const { url, token } = await gatewayOf(pilotty);
  const { connect } = (await import('./built.ts')).sdk;
  const daemon = await connect({ url, token });
  try {
    const shell = await daemon.spawn(['sh', '-c', 'echo one; read x; echo two']);
    let text = '';
    for await (const { bytes } of shell.followBytes({ since: 0 })) {
      text += Buffer.from(bytes).toString();
      if (text !== 'one\r\n') continue;
      await endGateway(pilotty);
      await pilotty.run('serve', '--detach', '--bind', new URL(url).host);
      await shell.key('Enter');
    }
    expect(text).toBe('one\r\n\r\ntwo\r\n');
  } finally {
    await daemon.close();
    await endGateway(pilotty);
  }
});

test('several daemons of one process share nothing, and end with their files', async () => {
  const [one, other] = await Promise.all([startLocal(), startLocal()]);
  await one.spawn('cat', { name: 'same' });
  await other.spawn('cat', { name: 'same' });
  expect(one.socketDir).not.toBe(other.socketDir);
  await one.close();
  expect((await other.list()).sessions).toHaveLength(1);
  await other.close();
  await other.close();
});
