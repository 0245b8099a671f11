/** What the credentials of docs/examples/fleet-nats.conf can do, and cannot, also in the hands of somebody who knows the protocol. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { parseFleetHost } from '../../apps/fleet/src/address.ts';
import { Directory } from '../../apps/fleet/src/directory/bucket.ts';
import { createOneHostClient } from '../../apps/fleet/src/fleet/one-host.ts';
import { encodeFrame } from '../../apps/fleet/src/link/frame.ts';
import { classOf } from '../../apps/fleet/src/methods.ts';
import { connectNats, type Nats } from '../../apps/fleet/src/nats/connect.ts';
import { methods } from '../../packages/protocol/src/schemas.ts';
import { needs } from '../harness/programs.ts';
import { until } from '../harness/until.ts';
import { TestFleet } from './test-fleet.ts';

const CONFIGURATION = fileURLToPath(new URL('../../docs/examples/fleet-nats.conf', import.meta.url));
const PASSWORDS = { OBSERVER_PASSWORD: 'looks-1', OPERATOR_PASSWORD: 'acts-1', HOST_PASSWORD: 'serves-1' };

let starting: Promise<TestFleet> | undefined;
let fleet: TestFleet;

/** The variables of a command with this credential. */
function as(user: 'observer' | 'operator' | 'host'): Record<string, string> {
  const file = join(fleet.pilotty.directory, `${user}.creds`);
  const password = PASSWORDS[`${user.toUpperCase()}_PASSWORD` as keyof typeof PASSWORDS];
  writeFileSync(file, `${user}:${password}\n`, { mode: 0o600 });
  return { PILOTTY_NATS_CREDS: file, PILOTTY_NATS_INBOX: `_INBOX.${user}` };
}

async function start(): Promise<TestFleet> {
  const started = new TestFleet(['-c', CONFIGURATION], PASSWORDS);
  fleet = started;
  await started.nats.start();
  await started.join('a', [], as('host'));
  return started;
}

beforeEach(async () => {
  needs('nats-server');
  starting ??= start();
  fleet = await starting;
});

afterAll(async () => {
  await (await starting)?.close();
});

test('an operator acts, an observer looks, and others are not let in', async () => {
  const spawned = await fleet.all('spawn', '--name', 'shown', 'sh', '-c', 'echo secret work; cat', {
    env: as('operator'),
  });
  expect(spawned.code, spawned.stderr).toBe(0);
  const looks = (...words: string[]) => fleet.all(...words, { env: as('observer') });
  expect((await looks('wait', '-s', 'a/shown', '--text', 'secret work')).code).toBe(0);
  expect((await looks('list-sessions')).json().sessions).toMatchObject([{ name: 'a/shown' }]);
  expect((await looks('snapshot', '-s', 'a/shown', '-f', 'text')).stdout).toContain('secret work');
  expect((await looks('grep', 'secret')).stdout).toBe('a/shown: secret work\n');
  for (const words of [
    ['key', '-s', 'a/shown', 'x'],
    ['type', '-s', 'a/shown', 'typed'],
    ['kill', '-s', 'a/shown'],
    ['spawn', 'sh'],
    ['exec', '-s', 'a/shown', 'id'],
  ]) {
    const answer = await looks(...words);
    expect(answer.code, `${words} ${answer.stdout}`).not.toBe(0);
    expect(answer.stderr, words.join(' ')).toMatch(/not permitted|HOST_UNREACHABLE/);
  }
  const log = (user: 'observer' | 'operator') => fleet.on('a', 'logs', '-n', '1', { env: as(user) });
  expect((await log('observer')).stderr).toContain('not permitted');
  expect((await log('operator')).code).toBe(0);
  expect((await fleet.on('a', 'doctor', { env: as('observer') })).json()).toMatchObject({ ok: true });
  // The same link goes on after what was refused.
  const client = clientAs('observer');
  await expect(client.request('session.key', { session: 'shown', keys: 'x' })).rejects.toMatchObject({
    code: 'FORBIDDEN',
  });
  const after = await client.request('session.snapshot', { session: 'shown' });
  client.close();
  expect(JSON.stringify(after)).not.toContain('typed');
  expect((await fleet.host('a').client.request('session.list', { all: true })).sessions).toHaveLength(1);

  const nobody = await fleet.all('ls', { env: { PILOTTY_NATS_CREDS: undefined } });
  expect(nobody).toMatchObject({ code: 6, stderr: expect.stringContaining('does not let us in') });
  const open = join(fleet.pilotty.directory, 'open.creds');
  writeFileSync(open, 'observer:looks-1\n', { mode: 0o644 });
  expect((await fleet.all('ls', { env: { PILOTTY_NATS_CREDS: open } })).stderr).toContain(
    'can be read by others',
  );
});

function clientAs(user: 'observer' | 'operator') {
  const address = parseFleetHost(`${fleet.address}/a`);
  if ('problem' in address) throw new Error(address.problem);
  const { PILOTTY_NATS_CREDS: credentials, PILOTTY_NATS_INBOX: inboxPrefix } = as(user);
  return createOneHostClient({
    address,
    nats: { credentials, inboxPrefix, name: 'test' },
    startsDaemon: () => false,
    client: { name: 'test' },
    warn: () => {},
  });
}

/** A thief with the observer's credential and a NATS client of their own. */
async function thief(): Promise<{ nats: Nats; refusals: string[] }> {
  const { PILOTTY_NATS_CREDS: credentials } = as('observer');
  const server = { server: `127.0.0.1:${fleet.nats.port}`, isEncrypted: false };
  const nats = await connectNats(server, { credentials, inboxPrefix: '_INBOX.observer', name: 'thief' });
  const refusals: string[] = [];
  nats.watch({ refused: (subject) => refusals.push(subject) });
  return { nats, refusals };
}

test('a stolen credential of an observer reaches no other subject', async () => {
  const { nats, refusals } = await thief();
  const { connection } = nats;
  try {
    const forbidden = [
      // What acts, places, or says that a client is gone.
      'pilotty.ci.host.a.act.session.key',
      'pilotty.ci.host.a.act.session.spawn',
      'pilotty.ci.host.a.act._surroundings',
      'pilotty.ci.host.a.gone.abcdefghijklmnopqrstuv',
      'pilotty.ci.act.place',
      'pilotty.other.host.a.read._link',
      // The directory: its records, and all of JetStream, whose server answers to any subject that a request names.
      '$KV.pilotty_ci.host.a',
      '$KV.pilotty_ci.sessions.a',
      '$KV.pilotty_ci.placed.release-1',
      '$JS.API.INFO',
      '$JS.API.STREAM.NAMES',
      '$JS.API.STREAM.INFO.KV_pilotty_ci',
      '$JS.API.STREAM.MSG.GET.KV_pilotty_ci',
      '$JS.API.DIRECT.GET.KV_pilotty_ci.$KV.pilotty_ci.host.a',
      '$JS.API.STREAM.CREATE.x',
      '$JS.API.STREAM.UPDATE.KV_pilotty_ci',
      '$JS.API.STREAM.DELETE.KV_pilotty_ci',
      '$JS.API.STREAM.PURGE.KV_pilotty_ci',
      '$JS.API.STREAM.MSG.DELETE.KV_pilotty_ci',
      '$JS.API.STREAM.SNAPSHOT.KV_pilotty_ci',
      '$JS.API.CONSUMER.CREATE.KV_pilotty_ci',
      '$JS.API.CONSUMER.DURABLE.CREATE.KV_pilotty_ci.x',
      // The output stream, which hosts read for it.
      'pilotty.ci.output.a.0123456789ab',
      '$JS.API.STREAM.INFO.pilotty_ci_output',
      '$JS.API.STREAM.CREATE.pilotty_ci_output',
      '$JS.API.STREAM.DELETE.pilotty_ci_output',
      '$JS.API.STREAM.PURGE.pilotty_ci_output',
      '$JS.API.DIRECT.GET.pilotty_ci_output',
      '$JS.API.CONSUMER.CREATE.pilotty_ci_output',
      // Answers that others wait for, and services.
      '_INBOX.operator.x',
      '_INBOX.host.x',
      '$SRV.PING',
      '$SYS.REQ.SERVER.PING',
    ];
    for (const subject of forbidden) connection.publish(subject, '{}');
    const listened = [
      '_INBOX.operator.>',
      '_INBOX.host.>',
      '_INBOX.>',
      '_INBOX.*.*',
      'pilotty.ci.host.>',
      // To answer in the place of a host.
      'pilotty.ci.act.place',
      'pilotty.ci.read.directory',
      'pilotty.ci.read.output',
      'pilotty.ci.output.>',
      '$KV.pilotty_ci.>',
      '$JS.API.>',
      '$SRV.>',
      '>',
    ];
    for (const subject of listened) connection.subscribe(subject, { callback: () => {} });
    await until('all to be refused', () => refusals.length >= forbidden.length + listened.length, {
      lastSeen: () => refusals.join(' '),
    });
    expect(refusals.sort()).toEqual([...forbidden, ...listened].sort());
  } finally {
    await nats.close();
  }
});

test('what an observer may ask is answered to inboxes alone, so that no answer writes or deletes the directory', async () => {
  const { nats } = await thief();
  const { connection } = nats;
  const host = await connectNats(
    { server: `127.0.0.1:${fleet.nats.port}`, isEncrypted: false },
    { credentials: as('host').PILOTTY_NATS_CREDS, inboxPrefix: '_INBOX.host', name: 'test' },
  );
  const hosts = async () => (await new Directory(host, 'ci').hosts()).map(({ host }) => host);
  const question = JSON.stringify({ ask: 'hosts' });
  try {
    const before = await hosts();
    const replies = [
      '$KV.pilotty_ci.host.posed',
      '$KV.pilotty_ci.host.a',
      '$JS.API.STREAM.PURGE.KV_pilotty_ci',
      '$JS.API.STREAM.DELETE.KV_pilotty_ci',
      'pilotty.ci.host.a.act.session.spawn',
      'pilotty.ci.act.place',
    ];
    for (const reply of replies) {
      connection.publish('pilotty.ci.read.directory', question, { reply });
      // Also of a host that there is not: NATS itself answers that.
      connection.publish('pilotty.ci.host.nobody.read._link', '', { reply });
      connection.publish('pilotty.ci.host.a.read._link', '', { reply });
    }
    // A host takes them in their order, so that this answer is behind what the others might have done.
    const own = await connection.request('pilotty.ci.read.directory', question);
    expect(own.json()).toMatchObject({ hosts: [{ host: 'a' }], more: false });
    await until(
      'the host to answer',
      async () => (await connection.request('pilotty.ci.host.a.read._link', '')).string() === 'a',
    );
    expect(await hosts()).toEqual(before);
    expect(await new Directory(host, 'ci').host('a')).toMatchObject({ record: { host: 'a' } });
    for (const wrong of [
      '',
      '[]',
      '{"ask":"sessions"}',
      '{"ask":"host","host":"a.>"}',
      '{"ask":"placed","host":"a"}',
    ])
      expect((await connection.request('pilotty.ci.read.directory', wrong)).json()).toEqual({
        problem: expect.any(String),
      });
  } finally {
    await host.close();
    await nats.close();
  }
});

test('on the subjects that only read nothing acts, whatever a message says', async () => {
  const { nats } = await thief();
  const link = 'abcdefghijklmnopqrstuv';
  const inbox = `_INBOX.observer.${link}`;
  const answers: string[] = [];
  nats.connection.subscribe(inbox, {
    callback: (_, message) => void answers.push(Buffer.from(message.data).toString()),
  });
  let seq = 0;
  const send = (kind: 'open' | 'part' | 'end', subject: string, payload: object) => {
    const numbers = { seq: kind === 'open' ? 0 : ++seq, taken: seq, received: seq, sent: seq };
    const bytes = encodeFrame({ link, kind, ...numbers, payload: Buffer.from(JSON.stringify(payload)) });
    nats.connection.publish(`pilotty.ci.host.a.read.${subject}`, bytes, { reply: inbox });
  };
  try {
    send('open', '_link', { starts_daemon: false });
    await until('the link', () => answers.some((answer) => answer.includes(' opened ')));
    send('end', 'hello', { jsonrpc: '2.0', id: 0, params: { protocol: 1, version: '0.1.0' } });
    // The message names an act, the subject one that reads; or the subject names an act that reads it is not.
    send('end', 'session.list', { jsonrpc: '2.0', id: 1, method: 'daemon.stop', params: {} });
    // And what is no method at all, or another's way to write one.
    const none = [
      '_link',
      '_surroundings.x',
      'constructor',
      '__proto__',
      'toString',
      'session',
      'SESSION.SPAWN',
    ];
    const acts = [...Object.keys(methods), ...none].filter((method) => classOf(method, {}) === 'act');
    for (const [index, method] of acts.entries())
      send('end', method, {
        jsonrpc: '2.0',
        id: 100 + index,
        method: 'session.list',
        params: { session: 'shown' },
      });
    nats.connection.publish('pilotty.ci.host.a.read._surroundings', '', { reply: inbox });
    send('end', 'session.list', { jsonrpc: '2.0', id: 2, params: {} });
    await until('the last answer', () => answers.some((answer) => answer.includes('"id":2,"result"')), {
      lastSeen: () => answers.join('\n'),
    });
    expect(answers.find((answer) => answer.includes('"id":1,'))).toContain('"type":"sessions"');
    expect(answers.filter((answer) => answer.includes('not permitted'))).toHaveLength(acts.length);
    expect(answers.join()).not.toContain('"HOME"');
    // A line whose parts have different subjects is none, and ends the link.
    send('part', 'session.list', {});
    send('end', 'session.spawn', { jsonrpc: '2.0', id: 3, params: { argv: ['/bin/true'] } });
    await until('the end of the link', () => answers.some((answer) => answer.startsWith(`${link} close `)));
  } finally {
    await nats.close();
  }
});

test('what is JSON and no message ends its link at most, and the host goes on', async () => {
  const { nats } = await thief();
  const answers: string[] = [];
  const linkOf = (letter: string) => letter.repeat(22);
  const send = (link: string, kind: 'open' | 'end', subject: string, text: string) => {
    const inbox = `_INBOX.observer.${link}`;
    const numbers = { seq: kind === 'open' ? 0 : 1, taken: 0, received: 0, sent: 0 };
    const bytes = encodeFrame({ link, kind, ...numbers, payload: Buffer.from(text) });
    nats.connection.publish(`pilotty.ci.host.a.read.${subject}`, bytes, { reply: inbox });
  };
  nats.connection.subscribe('_INBOX.observer.>', {
    callback: (_, message) => void answers.push(Buffer.from(message.data).toString()),
  });
  const isOpened = (link: string) => answers.some((answer) => answer.startsWith(`${link} opened `));
  try {
    for (const text of ['null', '7', '"x"', '[]']) send(linkOf('n'), 'open', '_link', text);
    const bad = [
      'null',
      '7',
      '{"params":null}',
      '{"params":7}',
      '{"id":1,"params":{"id":{}}}',
      '{"id":null}',
    ];
    for (const [index, text] of bad.entries()) {
      const link = linkOf(String(index));
      send(link, 'open', '_link', '{"starts_daemon":false}');
      await until('the link', () => isOpened(link));
      send(link, 'end', 'cancel', text);
    }
    send(linkOf('z'), 'open', '_link', '{"starts_daemon":false}');
    await until('a link after all of them', () => isOpened(linkOf('z')));
  } finally {
    await nats.close();
  }
  const { stderr } = await fleet.on('a', 'ls', { env: as('observer') });
  expect(stderr).toBe('');
  expect(fleet.host('a').joining?.child.exitCode).toBe(null);
});

test('a host answers to no subject but an inbox: it has more permissions than who asks', async () => {
  const { nats } = await thief();
  const link = 'vutsrqponmlkjihgfedcba';
  const inbox = `_INBOX.observer.${link}`;
  const answers: string[] = [];
  nats.connection.subscribe(inbox, {
    callback: (_, message) => void answers.push(Buffer.from(message.data).toString()),
  });
  const send = (kind: 'open' | 'beat', reply: string) => {
    const payload = Buffer.from('{"starts_daemon":false}');
    const frame = encodeFrame({ link, kind, seq: 0, taken: 0, received: 0, sent: 0, payload });
    nats.connection.publish('pilotty.ci.host.a.read._link', frame, { reply });
  };
  try {
    send('open', 'pilotty.ci.host.a.act.daemon.stop');
    // It comes behind, and is answered as of a link that there is not.
    send('beat', inbox);
    await until('an answer', () => answers.length > 0);
    expect(answers).toEqual([`${link} unknown 0 0 0 0\n`]);
  } finally {
    await nats.close();
  }
});
