/** What a terminal at the other end is fed: the same screen, none of it twice, none of it lost. */
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { Client, StreamEvent } from '../../packages/client/src/index.ts';
import { createLocalClient } from '../../packages/client/src/node.ts';
import { Screen } from '../../packages/terminal/src/index.ts';
import { test as base } from '../harness/pilotty.ts';
import { program } from '../harness/programs.ts';
import { until } from '../harness/until.ts';
import { randomNumbers, randomStream } from '../terminal/random-stream.ts';

type Part = StreamEvent<'session.view'>;

const test = base.extend<{ connect: () => Client }>({
  connect: async ({ pilotty }, use) => {
    const clients: Client[] = [];
    await use(() => {
      const client = createLocalClient({ env: pilotty.env, cwd: '/' });
      clients.push(client);
      return client;
    });
    for (const client of clients) client.close();
  },
});

/** Prints what it is sent, byte for byte. */
const MIRROR = ['sh', '-c', 'stty raw -echo; printf ready; exec cat'];

test('a viewer sees a screen, then what is drawn, then the end', async ({ pilotty, connect }) => {
  await pilotty.run('spawn', '--name', 'a', ...MIRROR);
  await pilotty.run('wait-for', 'ready');
  const parts: Part[] = [];
  const view = connect().request(
    'session.view',
    { session: 'a' },
    { onEvent: (part) => void parts.push(part) },
  );
  await until('the screen', () => parts.length === 1);
  await pilotty.run('type', 'xyz');
  await until('the output', () => parts.length === 2);
  await pilotty.run('kill');
  expect(await view).toMatchObject({ type: 'view_end', session: 'a', exit: { killed_by_client: true } });
  expect(parts).toEqual([
    { type: 'screen', size: { cols: 80, rows: 24 }, seq: 1, data_base64: expect.any(String) },
    { type: 'output', data_base64: Buffer.from('xyz').toString('base64'), seq: 3 },
    { type: 'exited', exit: expect.objectContaining({ killed_by_client: true }) },
  ]);
});

test('an ended session is shown as it was left', async ({ pilotty, connect }) => {
  await pilotty.run('run', '--name', 'a', 'echo', 'goodbye');
  const parts: Part[] = [];
  const reader = new Reader(() => undefined);
  const onEvent = (part: Part) => {
    parts.push(part);
    return reader.take(part);
  };
  await connect().request('session.view', { session: 'a' }, { onEvent });
  expect(parts.map(({ type }) => type)).toEqual(['screen', 'exited']);
  expect(reader.screen?.text()).toBe('goodbye');
});

test('what a fast reader is sent is what the program wrote, to the byte', async ({ pilotty, connect }) => {
  await pilotty.run('spawn', '--name', 'a', ...MIRROR);
  await pilotty.run('wait-for', 'ready');
  const parts: Part[] = [];
  const view = connect().request(
    'session.view',
    { session: 'a' },
    { onEvent: (part) => void parts.push(part) },
  );
  await until('the screen', () => parts.length === 1);
  const sent = randomStream(randomNumbers(1), 5000);
  for (let at = 0; at < sent.length; at += 997) {
    await pilotty.run('type', sent.slice(at, at + 997));
  }
  const { retention } = (await pilotty.run('status')).json();
  await pilotty.run('kill');
  await view;
  const seen = Buffer.concat(parts.slice(1).map(bytesOf));
  const printed = await pilotty.run('output', '--ansi');
  expect(retention.dropped_bytes).toBe(0);
  expect(`ready${seen}`).toBe(printed.stdout);
});

/** Lines as most programs print them, and now and then a screen drawn anew. */
function plainOutput(random: () => number, length: number): string {
  const line = () => `\x1b[3${Math.floor(random() * 8)}m${'word 漢字 '.repeat(1 + random() * 9)}\x1b[m\r\n`;
  const lines = Array.from({ length }, line).join('');
  return random() < 0.2 ? `\x1b[2J\x1b[H${lines}` : lines;
}

/** What a program drew on a terminal of 80x24, some of it at a time. */
function recorded(name: string): (random: () => number, length: number) => string {
  const bytes = readFileSync(new URL(`../terminal/fixtures/${name}.bytes`, import.meta.url)).toString(
    'latin1',
  );
  let at = 0;
  return (_random, length) => {
    const piece = bytes.slice(at, at + length * 10);
    at = at + piece.length === bytes.length ? 0 : at + piece.length;
    return piece;
  };
}

test.for([
  ['in the middle of vim', 1, recorded('vim'), 0],
  ['in the middle of htop', 2, recorded('htop'), 0],
  ['in the middle of mc', 3, recorded('mc'), 0],
  ['however often the terminal is resized', 4, plainOutput, 0.3],
  ['however often the terminal is resized', 5, plainOutput, 0.3],
  ['however often the terminal is resized', 6, plainOutput, 0.3],
] as const)(
  'a slow viewer ends with the same screen, %s (%i)',
  async ([, seed, output, resizes], { pilotty, connect }) => {
    const random = randomNumbers(seed);
    const whole = (below: number) => Math.floor(random() * below);
    await pilotty.run('spawn', '--name', 'a', ...MIRROR);
    await pilotty.run('wait-for', 'ready');
    const driver = connect();
    let acts = 0;
    let isOver = false;
    const reader = new Reader(() => {
      const goOnAfter = acts + whole(8);
      return random() < 0.6 ? undefined : until('more acts', () => isOver || acts >= goOnAfter);
    });
    const view = connect().request(
      'session.view',
      { session: 'a', interval_ms: seed % 3 === 0 ? 20 : 0 },
      { onEvent: (part) => reader.take(part) },
    );
    for (; acts < 60; acts++) {
      if (random() < resizes) {
        await driver.request('session.resize', { session: 'a', cols: 2 + whole(100), rows: 1 + whole(40) });
      } else {
        const piece = output(random, 1 + whole(40));
        const all = random() < 0.1 ? piece.repeat(Math.ceil(600_000 / piece.length)) : piece;
        const data_base64 = Buffer.from(all, resizes > 0 ? 'utf8' : 'latin1').toString('base64');
        await driver.request('session.type', { session: 'a', data_base64 });
      }
    }
    isOver = true;
    await driver.request('session.type', { session: 'a', text: '\x1b[H§' });
    await pilotty.untilShown('§', 'a');
    const last = await driver.request('session.snapshot', { session: 'a', scrollback: 1000 });
    const screen = await until('the viewer to get there', () => reader.seq >= last.seq && reader.screen);
    expect(screen.size).toEqual(last.size);
    expect(screen.hash()).toBe(last.content_hash);
    const rows = [...screen.scrollbackTexts(1000), ...screen.rowTexts()];
    expect(rows.join('\n').replace(/\n+$/, '')).toBe(last.text);
    await driver.request('session.kill', { session: 'a' });
    await view;
  },
);

test('a viewer that stops reading delays no other, and is sent a screen when it reads again', async ({
  pilotty,
  connect,
}) => {
  await pilotty.run('spawn', '--name', 'a', ...program('last-words.sh', '400000', '0'));
  let goOn = () => {};
  const gate = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const kinds: string[] = [];
  let bytes = 0;
  const reader = new Reader(() => gate);
  const view = connect().request(
    'session.view',
    { session: 'a' },
    {
      onEvent: (part) => {
        kinds.push(part.type);
        bytes += bytesOf(part).length;
        return reader.take(part);
      },
    },
  );
  // The program ends although nobody reads.
  await pilotty.run('wait-for', 'the end', '--timeout', '60s');
  goOn();
  await view;
  expect(kinds.lastIndexOf('screen')).toBeGreaterThan(0);
  expect(bytes).toBeLessThan(2_000_000);
  expect(reader.screen?.text()).toMatch(/399999\n400000\nthe end$/);
});

test('a session that does not exist cannot be viewed', async ({ pilotty, connect }) => {
  await pilotty.run('daemon');
  await expect(connect().request('session.view', { session: 'nobody' })).rejects.toMatchObject({
    code: 'SESSION_NOT_FOUND',
  });
});

/** A terminal at the other end. */
class Reader {
  screen: Screen | undefined;
  seq = 0;
  readonly #pace: () => Promise<unknown> | undefined;

  constructor(pace: () => Promise<unknown> | undefined) {
    this.#pace = pace;
  }

  async take(part: Part): Promise<void> {
    if (part.type === 'exited') return;
    if (part.type === 'screen') this.screen = new Screen({ ...part.size, scrollback: 1000 });
    this.screen?.write(bytesOf(part));
    expect(part.seq).toBeGreaterThanOrEqual(this.seq);
    this.seq = part.seq;
    await this.#pace();
  }
}

function bytesOf(part: Part): Buffer {
  return part.type === 'exited' ? Buffer.alloc(0) : Buffer.from(part.data_base64, 'base64');
}
