/** A client that is closed while the other host has not answered: its process ends, and nothing stays at either end. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { builtProgram, type Pilotty } from '../harness/pilotty.ts';
import { until } from '../harness/until.ts';
import { type OtherHost, test } from './other-host.ts';

/** A pilotty there, `held`, that begins nothing while it is held: as a shell whose files take long to read. */
class Held {
  readonly #hold: string;
  readonly #arrived: string;
  readonly #released: string;

  constructor(host: OtherHost) {
    const at = (name: string) => join(host.directory, name);
    this.#hold = at('hold');
    this.#arrived = at('arrived');
    this.#released = at('released');
    execFileSync('mkfifo', [this.#released]);
    host.program(
      'bin/held',
      `if [ -e ${this.#hold} ]; then : > ${this.#arrived}; read line < ${this.#released}; fi\nexec pilotty "$@"`,
    );
  }

  hold(): void {
    writeFileSync(this.#hold, '');
  }

  async arrived(): Promise<void> {
    await until('somebody to be held', () => existsSync(this.#arrived));
  }

  /** The one that is held goes on. */
  release(): void {
    rmSync(this.#hold, { force: true });
    if (!existsSync(this.#arrived)) return;
    rmSync(this.#arrived);
    writeFileSync(this.#released, '\n');
  }
}

/** While it is held over a connection that there is, `end` is to end the process, and then what was held finds that nobody is there. */
async function endsWhileHeld(host: OtherHost, held: Held, child: ChildProcess, end: () => void) {
  try {
    await held.arrived();
    end();
    await until('the process to end', () => child.exitCode !== null || child.signalCode !== null);
    expect(host.isBridged()).toBe(true);
  } finally {
    held.release();
  }
  await until('what was held to end', () => !host.isBridged());
  expect(host.logins()).toBe(1);
}

/** A program with the SDK that has a session there, and then runs `body`. */
function program(pilotty: Pilotty, host: OtherHost, body: string): ChildProcess {
  const sdk = JSON.stringify(builtProgram('sdk/index.mjs'));
  const text = `
    const { connect } = await import(${sdk});
    const { writeFileSync } = await import('node:fs');
    const options = { host: 'ssh://there', remotePath: 'held' };
    const asked = () => new Promise((resolve) => process.stdin.once('data', resolve).once('close', resolve)).finally(() => process.stdin.destroy());
    const pilotty = await connect(options);
    const session = await pilotty.spawn('cat');
    const hold = () => writeFileSync(${JSON.stringify(join(host.directory, 'hold'))}, '');
    ${body}`;
  const words = ['--input-type=module', '-e', text];
  return spawn(process.execPath, words, {
    env: { ...pilotty.env, ...host.env },
    cwd: pilotty.home,
    stdio: ['pipe', 'ignore', 'inherit'],
  });
}

test.for<[string, string]>([
  [
    'close()',
    `hold();
    const loop = async () => { for await (const part of session.followBytes({ since: 0 })) void part; };
    const ended = loop().catch(() => {});
    await asked();
    await pilotty.close();
    await ended;`,
  ],
  [
    'a signal',
    `hold();
    const ending = new AbortController();
    const second = connect(options, { signal: ending.signal }).catch(() => {});
    await asked();
    ending.abort();
    await second;
    await pilotty.close();`,
  ],
])('a program with the SDK ends, closed by %s', async ([, body], { pilotty, host }) => {
  const held = new Held(host);
  const child = program(pilotty, host, body);
  await endsWhileHeld(host, held, child, () => child.stdin?.end());
  expect(child.exitCode).toBe(0);
});

test('a command ends that is interrupted, and an MCP server whose client is gone', async ({
  pilotty,
  host,
}) => {
  const held = new Held(host);
  expect((await host.run('spawn', 'cat')).code).toBe(0);
  held.hold();
  const list = host.start('--remote-path', 'held', 'ls');
  await endsWhileHeld(host, held, list.child, () => list.child.kill('SIGINT'));

  held.hold();
  const words = [pilotty.command, '-H', 'ssh://there', '--remote-path', 'held', 'mcp'];
  const server = spawn(process.execPath, words, {
    env: { ...pilotty.env, ...host.env },
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const clientInfo = { name: 'tests', version: '1' };
  const initialize = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo };
  for (const message of [
    { id: 1, method: 'initialize', params: initialize },
    { method: 'notifications/initialized' },
    { id: 2, method: 'tools/call', params: { name: 'list', arguments: {} } },
  ])
    server.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  await endsWhileHeld(host, held, server, () => server.stdin.end());
});

test('connect ends whose caller is gone before the greeting, although its stdin is open', async ({
  pilotty,
  host,
}) => {
  await host.run('spawn', 'cat');
  // It begins when its caller is gone.
  const script = 'read line; exec "$@"';
  const child = spawn('/bin/sh', ['-c', script, 'sh', ...pilotty.program, 'connect'], {
    env: { ...pilotty.env, PILOTTY_SOCKET_DIR: join(host.directory, 's') },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  child.stdout.destroy();
  child.stdin.on('error', () => {}).write('\n');
  await until('connect to end', () => child.exitCode !== null || child.signalCode !== null);
});
