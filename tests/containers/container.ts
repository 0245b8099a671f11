/**
 * Containers for tests: namespaces of processes, mounts and host names, with terminals of their own, in which a stand-in for
 * docker, podman and kubectl runs programs as those do. Where the machine does not permit namespaces, tests are skipped.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test as base, type Pilotty } from '../harness/pilotty.ts';
import { until } from '../harness/until.ts';

const NAMESPACES = ['--mount', '--pid', '--uts', '--fork', '--kill-child', '--mount-proc'];
/** Without root, as the root of a namespace of users. */
const AS_ROOT = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
/** Terminals there have the paths and numbers of those of this host, and are others. */
const BEGIN = `mount -t devpts -o newinstance,ptmxmode=0666 devpts /dev/pts && mount --bind /dev/pts/ptmx /dev/ptmx &&
hostname inside && echo ready && exec sleep 100000`;

export class Container {
  readonly pid: number;
  readonly directory: string;
  readonly #process: ChildProcess;

  static async start(pilotty: Pilotty): Promise<Container> {
    const child = spawn('unshare', [...AS_ROOT, ...NAMESPACES, 'sh', '-c', BEGIN], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let printed = '';
    child.stdout?.on('data', (bytes: Buffer) => {
      printed += bytes.toString();
    });
    await until('the container', () => printed === 'ready\n');
    return new Container(pilotty, child);
  }

  private constructor(pilotty: Pilotty, child: ChildProcess) {
    this.#process = child;
    const children = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8');
    this.pid = Number(children.trim());
    this.directory = join(pilotty.directory, 'containers');
    const bin = join(pilotty.directory, 'runtimes');
    mkdirSync(this.directory);
    mkdirSync(bin);
    for (const runtime of ['docker', 'podman', 'kubectl'])
      symlinkSync(resolve('tests/containers/programs/runtime.py'), join(bin, runtime));
    pilotty.env.PATH = `${bin}:${pilotty.env.PATH}`;
    pilotty.env.STAND_IN_CONTAINERS = this.directory;
    this.name('web');
  }

  /** Called so from now on; `facts` as the stand-in takes them. */
  name(name: string, facts: object = {}): void {
    const env = { PATH: process.env.PATH, HOME: '/root', OF_CONTAINER: 'yes' };
    const all = { pid: this.pid, cwd: '/usr', env, ...facts };
    writeFileSync(join(this.directory, `${name}.json`), JSON.stringify(all));
  }

  /** The command lines that were run. */
  get calls(): string[][] {
    const lines = readFileSync(join(this.directory, 'calls'), 'utf8').trimEnd().split('\n');
    return lines.map((line) => JSON.parse(line) as string[]);
  }

  /** What runs in there, without its first process. */
  get processes(): string[] {
    const lines = this.#run('ps', '-A', '-o', 'stat=,args=')
      .split('\n')
      .map((line) => line.trim());
    return lines
      .filter((line) => line !== '' && !line.startsWith('Z'))
      .map((line) => line.replace(/^\S+\s+/, ''))
      .filter((args) => args !== 'sleep 100000' && !args.startsWith('ps -A'));
  }

  /** Runs in there until the test ends; once it has printed a line. */
  async start(...words: string[]): Promise<ChildProcess> {
    const child = spawn('nsenter', ['-t', String(this.pid), '-a', ...words], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let printed = '';
    child.stdout?.on('data', (bytes: Buffer) => {
      printed += bytes.toString();
    });
    await until(`'${words[0]}' to begin`, () => printed.includes('\n'));
    return child;
  }

  /** As if nothing had been started in there. */
  endAll(): void {
    this.#run('sh', '-c', 'kill -9 -1');
  }

  /** The directory is empty in there. */
  hideFiles(directory: string): void {
    this.#run('mount', '-t', 'tmpfs', 'tmpfs', directory);
  }

  #run(...words: string[]): string {
    const { stdout } = spawnSync('nsenter', ['-t', String(this.pid), '-a', ...words], { encoding: 'utf8' });
    return stdout;
  }

  async remove(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once('close', resolve));
    this.#process.kill('SIGKILL');
    await ended;
  }
}

export const isPossible = permitted();

/** Said once a file: nothing of it is tried on such a machine. */
function permitted(): boolean {
  if (process.platform !== 'linux') return false;
  const { status, stderr, error } = spawnSync(
    'unshare',
    [...AS_ROOT, ...NAMESPACES, 'sh', '-c', BEGIN.replace('exec sleep 100000', 'true')],
    { encoding: 'utf8' },
  );
  if (status !== 0) console.warn(`skipped: no namespaces here: ${error?.message ?? stderr}`);
  return status === 0;
}

/** Named before what starts a daemon or a gateway: those get its environment. */
export const containerFixture = {
  container: async ({ pilotty }: { pilotty: Pilotty }, use: (container: Container) => Promise<void>) => {
    const container = await Container.start(pilotty);
    await use(container);
    await container.remove();
  },
};

export const test = base.extend(containerFixture).runIf(isPossible);
