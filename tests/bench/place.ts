/**
 * A home, a directory for sockets and an environment that belong to one measurement. Closing it ends
 * everything that was started with it, and nothing else: all of it carries the directory in its environment.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { processesOf } from '../harness/processes.ts';

const open = new Set<Place>();

/** Far more than anything takes; less than the daemon waits without sessions before it stops. */
const ENDED_WITHIN_MS = 120_000;

export class Place {
  /** Short, because a socket's path is at most 104 bytes. */
  readonly directory = realpathSync(mkdtempSync(join(tmpdir(), 'pb-')));
  readonly socketDir = join(this.directory, 's');
  /** Made from nothing: NODE_EXTRA_CA_CERTS, for one, makes every start of Node 30 ms slower. */
  readonly env: Record<string, string>;

  constructor() {
    const home = join(this.directory, 'home');
    mkdirSync(home, { mode: 0o700 });
    mkdirSync(this.socketDir, { mode: 0o700 });
    this.env = {
      PATH: [join(process.execPath, '..'), process.env.PATH ?? ''].join(delimiter),
      HOME: home,
      SHELL: '/bin/sh',
      PS1: 'ready> ',
      TERM: 'xterm-256color',
      LANG: process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8',
      PILOTTY_SOCKET_DIR: this.socketDir,
      XDG_RUNTIME_DIR: this.socketDir,
      TMUX_TMPDIR: this.socketDir,
    };
    open.add(this);
  }

  /** Runs a program to its end. @throws when it fails. */
  run(file: string, args: readonly string[], input = ''): string {
    const { status, error, stdout, stderr } = spawnSync(file, args, {
      env: this.env,
      cwd: this.env.HOME,
      input,
      encoding: 'utf8',
      timeout: ENDED_WITHIN_MS,
      // What a flood prints is more than Node allows by itself.
      maxBuffer: 64 * 1024 * 1024,
    });
    if (status === 0) return stdout;
    throw new Error(`${file} ${args.join(' ')}: ${error?.message ?? stderr}`);
  }

  /** Milliseconds it takes. */
  time(file: string, args: readonly string[]): number {
    const began = performance.now();
    this.run(file, args);
    return performance.now() - began;
  }

  close(): void {
    for (const { pid } of processesOf(this.directory)) endProcess(pid);
    rmSync(this.directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    open.delete(this);
  }
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone since it was listed.
  }
}

/** For a run that is interrupted. */
export function closeAllPlaces(): void {
  for (const place of open) place.close();
}
