/**
 * Another host, on this machine: an OpenSSH server with a home, keys and a socket directory of its own. The client's
 * configuration starts it as the way to the host (`sshd -i`, as OpenSSH's own tests do), so nothing listens on a port.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '../../packages/client/src/index.ts';
import { createLocalClient } from '../../packages/client/src/node.ts';
import { commandLine } from '../../packages/protocol/src/shell-quote.ts';
import type { Answer } from '../harness/answer.ts';
import { test as base, isNative, type Pilotty, type Running } from '../harness/pilotty.ts';
import { needs, PATH, pathOf } from '../harness/programs.ts';
import { until } from '../harness/until.ts';

export class OtherHost {
  readonly directory: string;
  readonly home: string;
  /** For temporary files there. */
  readonly temporary: string;
  /** Of a command that is to reach it. */
  readonly env: Record<string, string>;
  readonly #pilotty: Pilotty;
  #client: Client | undefined;

  constructor(pilotty: Pilotty) {
    needs('ssh', 'sshd', 'ssh-keygen', 'ps');
    this.#pilotty = pilotty;
    this.directory = join(pilotty.directory, 't');
    this.home = join(this.directory, 'home');
    this.temporary = join(this.directory, 'tmp');
    for (const name of ['home/login', 'bin', 'here', 'tmp'])
      mkdirSync(join(this.directory, name), { recursive: true });
    this.env = { PATH: `${join(this.directory, 'here')}:${PATH}` };
    this.#writeServer();
    this.#writeClient();
    this.program('bin/pilotty', `exec ${commandLine([process.execPath, pilotty.command])} "$@"`);
  }

  /** A script in its directory: `bin` is in the PATH there, `home/login` in that of a login shell. */
  program(path: string, script: string): void {
    writeFileSync(join(this.directory, path), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }

  run(...words: string[]): Promise<Answer> {
    return this.#pilotty.run('-H', 'ssh://there', ...words, { env: this.env });
  }

  start(...words: string[]): Running {
    return this.#pilotty.start('-H', 'ssh://there', ...words, { env: this.env });
  }

  /** Asks its daemon without ssh. */
  get client(): Client {
    this.#client ??= createLocalClient({
      env: { PILOTTY_SOCKET_DIR: join(this.directory, 's') },
      cwd: '/',
    });
    return this.#client;
  }

  /** Whether something of it has come here: a session, or a daemon where the test has started none. */
  async isHere(): Promise<boolean> {
    if (!isNative()) return this.#pilotty.log() !== '';
    return (await this.#pilotty.client.request('session.list', { all: true })).sessions.length > 0;
  }

  /** How often an ssh was let in: each is a connection of its own. */
  logins(): number {
    return this.#read('sshd.log').split('Accepted publickey').length - 1;
  }

  /** What ssh was started with, a line each. */
  starts(): string[] {
    return this.#read('starts').split('\n').slice(0, -1);
  }

  /** The cable is pulled. (sshd writes its title over its environment, so that is not how its processes are found.) */
  cut(): void {
    const servers = this.#read('pids')
      .split('\n')
      .filter((pid) => pid !== '');
    writeFileSync(join(this.directory, 'pids'), '');
    for (const pid of servers) if (commandOf(pid).includes('sshd')) process.kill(Number(pid), 'SIGKILL');
  }

  #connections() {
    return this.#pilotty.processes().filter(({ command }) => /^\S*ssh[: ]/.test(command));
  }

  /** Of connections that are kept, ours and those that the configuration asks for. */
  sockets(): { ours: string[]; configured: string[] } {
    const named = (directory: string, start: string) =>
      existsSync(directory) ? readdirSync(directory).filter((name) => name.startsWith(start)) : [];
    return {
      ours: named(this.#pilotty.socketDir, 'ssh-'),
      configured: named(join(this.directory, 'here'), 'own-'),
    };
  }

  /** Whether anything there is at the end of a connection. */
  isBridged(): boolean {
    return this.#pilotty.processes().some(({ command }) => / connect\b/.test(command));
  }

  async close(): Promise<void> {
    this.#client?.close();
    await until('connections to end with their host', () => {
      this.cut();
      return this.#connections().length === 0;
    });
    await until('what ran over them to end', () => !this.isBridged());
    if (existsSync(join(this.directory, 's/pilotty.sock')))
      await this.#pilotty.run('stop', { env: { PILOTTY_SOCKET_DIR: join(this.directory, 's') } });
  }

  #read(name: string): string {
    const path = join(this.directory, name);
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  }

  #writeServer(): void {
    const at = (name: string) => join(this.directory, name);
    for (const key of ['hostkey', 'userkey', 'otherkey'])
      execFileSync(pathOf('ssh-keygen') as string, ['-q', '-t', 'ed25519', '-N', '', '-f', at(key)]);
    writeFileSync(at('authorized_keys'), readFileSync(at('userkey.pub')));
    const surroundings = [
      `PATH=${at('bin')}:/usr/bin:/bin`,
      `HOME=${this.home}`,
      `TMPDIR=${this.temporary}`,
      `PILOTTY_SOCKET_DIR=${at('s')}`,
      'OF_THERE=yes',
    ];
    writeFileSync(
      at('sshd_config'),
      [
        `HostKey ${at('hostkey')}`,
        `AuthorizedKeysFile ${at('authorized_keys')}`,
        'UsePAM no',
        'StrictModes no',
        'PasswordAuthentication no',
        'KbdInteractiveAuthentication no',
        'LogLevel INFO',
        `SetEnv ${surroundings.join(' ')}`,
        '',
      ].join('\n'),
    );
    for (const name of ['.profile', '.zprofile'])
      writeFileSync(join(this.home, name), 'PATH="$HOME/login:$PATH"\n');
    // As the system does at its start; a container has none.
    if (process.getuid?.() === 0 && process.platform === 'linux') mkdirSync('/run/sshd', { recursive: true });
  }

  #writeClient(): void {
    const at = (name: string) => join(this.directory, name);
    const key = readFileSync(at('hostkey.pub'), 'utf8').split(' ').slice(0, 2).join(' ');
    writeFileSync(at('known_hosts'), `there ${key}\n`);
    writeFileSync(
      at('ssh_config'),
      [
        'Host refused',
        `IdentityFile ${at('otherkey')}`,
        'Host shared',
        'ControlMaster auto',
        `ControlPath ${at('here/own-%n')}`,
        'ControlPersist 60',
        'Host single',
        `ControlPath ${at('here/none')}`,
        'Host closed',
        'ProxyCommand exit 1',
        'Host * !refused',
        `IdentityFile ${at('userkey')}`,
        'Host *',
        `ProxyCommand ${at('here/serve')}`,
        'HostKeyAlias there',
        `UserKnownHostsFile ${at('known_hosts')}`,
        'GlobalKnownHostsFile /dev/null',
        'StrictHostKeyChecking yes',
        'IdentitiesOnly yes',
        'IdentityAgent none',
        '',
      ].join('\n'),
    );
    const sshd = `${pathOf('sshd')} -i -f ${at('sshd_config')} -E ${at('sshd.log')}`;
    this.program('here/serve', `echo $$ >> ${at('pids')}\nexec ${sshd}`);
    // ssh reads the home directory of the passwd entry, whatever HOME is.
    this.program(
      'here/ssh',
      `echo "$*" >> ${at('starts')}\nexec ${pathOf('ssh')} -F ${at('ssh_config')} "$@"`,
    );
  }
}

/** '' where there is no such process. */
function commandOf(pid: string): string {
  return spawnSync('ps', ['-o', 'args=', '-p', pid], { encoding: 'utf8' }).stdout;
}

export const test = base.extend<{ host: OtherHost }>({
  host: async ({ pilotty }, use) => {
    const host = new OtherHost(pilotty);
    // It runs the commands of the native client that it can, and starts nothing.
    if (isNative()) await pilotty.client.request('daemon.info', {});
    try {
      await use(host);
    } finally {
      await host.close();
    }
  },
});
