/**
 * Leaves a startup snapshot for the next daemon (docs/decisions/0043-startup-snapshot.md), built by a Node of its own while
 * this daemon is at rest. It ends with this process, and nothing of it is there before it is whole.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { constants, setPriority } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { loadStartupSnapshot } from '@pilotty/client/node';

/** In others a snapshot was not tried: a daemon would run all its life from what that Node makes of it. */
const TRIED = /^v20\./;
/** With it a daemon is started: a snapshot is taken by a Node with the same. */
const OPTION = /^--(?:max-semi-space|v8-pool)-size=\d+$/;

/** Also one that is not whole. */
const SNAPSHOT = /startup-\d+-\d+\.blob(?:\.\d+)?$/;

const open = promisify(fs.open);
const sync = promisify(fs.fsync);
const close = promisify(fs.close);

/** What it is about: the daemon's process. */
type OwnProcess = Pick<NodeJS.Process, 'argv' | 'env' | 'execArgv' | 'execPath' | 'pid' | 'version'>;

/** @throws Error where none can be left */
export async function leaveSnapshot({
  argv,
  env,
  execArgv,
  execPath,
  pid,
  version,
}: OwnProcess): Promise<void> {
  const [, program = ''] = argv;
  const isPlain = execArgv.length > 0 && execArgv.every((option) => OPTION.test(option));
  // One that was started with a snapshot has a good one.
  if (!TRIED.test(version) || env.NODE_OPTIONS || !isPlain || fs.realpathSync(program) !== program) return;
  const file = await fileFor(program, env, execPath);
  if (file === undefined) return;
  const unfinished = `${file}.${pid}`;
  const words = ['--snapshot-blob', unfinished, '--build-snapshot', builderOf(program)];
  const builder = spawn(execPath, [...execArgv, ...words], { cwd: '/', env: {}, stdio: 'ignore' });
  const end = () => {
    builder.kill('SIGKILL');
    fs.rmSync(unfinished, { force: true });
  };
  process.once('exit', end);
  try {
    await built(builder);
    await keep(unfinished, file);
  } finally {
    process.off('exit', end);
    fs.rmSync(unfinished, { force: true });
  }
}

const builderOf = (program: string) => join(dirname(program), basename(program, '.cjs'), 'startup.cjs');

/** Among the program's files, else the user's own; undefined where neither can be written. */
async function fileFor(program: string, env: OwnProcess['env'], node: string): Promise<string | undefined> {
  const { isOwnDirectory, snapshotFiles } = await loadStartupSnapshot();
  const { beside, own } = snapshotFiles(program, env, node);
  try {
    fs.accessSync(dirname(beside), fs.constants.W_OK);
    return beside;
  } catch {
    // The launcher has made it, where it can be (apps/cli/launcher.cjs).
    return own !== undefined && isOwnDirectory(dirname(own)) ? own : undefined;
  }
}

/** @throws Error where it fails */
async function built(builder: ChildProcess): Promise<void> {
  const exited = once(builder, 'exit');
  // What waits for this process is served first.
  if (builder.pid !== undefined) setPriority(builder.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  const [code] = await exited;
  if (code !== 0) throw new Error(`no snapshot was built: ${code}`);
}

/**
 * Whole, and on the disk, before it has its name. That of another Node goes, and what a daemon that was killed had begun:
 * each is as large.
 */
async function keep(unfinished: string, file: string): Promise<void> {
  const fd = await open(unfinished, 'r+');
  try {
    await sync(fd);
  } finally {
    await close(fd);
  }
  const [prefix = ''] = /^.*startup-/.exec(basename(file)) ?? [];
  for (const name of fs.readdirSync(dirname(file)))
    if (name.startsWith(prefix) && SNAPSHOT.test(name) && name !== basename(unfinished))
      fs.rmSync(join(dirname(file), name), { force: true });
  fs.renameSync(unfinished, file);
}
