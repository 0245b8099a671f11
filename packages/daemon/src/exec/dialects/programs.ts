/** Which shell or REPL a process is, by what the kernel says of it. */
import { processArguments, processName } from '../../processes/process-table.ts';
import type { Dialect } from './dialect.ts';
import { fishDialect } from './fish-dialect.ts';
import { nodeDialect } from './node-dialect.ts';
import { posixDialect } from './posix-dialect.ts';
import { pythonDialect, xonshDialect } from './python-dialect.ts';
import { sqliteDialect } from './sqlite-dialect.ts';
import { tcshDialect } from './tcsh-dialect.ts';

const bash = posixDialect('bash');
const zsh = posixDialect('zsh');
const ksh = posixDialect('ksh');
const dash = posixDialect('dash');

const DIALECTS: Readonly<Record<string, Dialect>> = {
  bash,
  rbash: bash,
  zsh,
  rzsh: zsh,
  ksh,
  mksh: dash,
  lksh: dash,
  oksh: dash,
  yash: dash,
  dash,
  ash: dash,
  busybox: dash,
  sh: dash,
  fish: fishDialect,
  tcsh: tcshDialect,
  csh: tcshDialect,
  python: pythonDialect,
  pypy: pythonDialect,
  xonsh: xonshDialect,
  node: nodeDialect,
  sqlite: sqliteDialect,
};

/** undefined for a process that is no shell or REPL, or one that runs a script. */
export function dialectOf(pid: number): Dialect | undefined {
  // 'python3.11' and '-bash', which login(1) starts, are python and bash.
  const file = processName(pid)?.replace(/^-|[\d.]+$/g, '') ?? '';
  const [name, words] = programIn(file, processArguments(pid).slice(1));
  const found = Object.hasOwn(DIALECTS, name) ? DIALECTS[name] : undefined;
  return found && isInteractive(found, words) ? found : undefined;
}

/** What a file runs that is several programs, or their interpreter: its name, and the words behind it. */
function programIn(file: string, words: string[]): [name: string, words: string[]] {
  const [first = '', second = ''] = words;
  if (file === 'busybox' && SHELLS_OF_BUSYBOX.includes(first)) return [file, words.slice(1)];
  if (file === 'python' && /(?:^|\/)xonsh$/.test(first)) return ['xonsh', words.slice(1)];
  if (file === 'python' && first === '-m' && second === 'xonsh') return ['xonsh', words.slice(2)];
  return [file, words];
}

/** Whether a shell was started as a restricted one: it may not name a file to source by its path, nor write to one. */
export function isRestricted(pid: number): boolean {
  const [program = '', ...words] = processArguments(pid);
  if (/(?:^-?|\/)r(?:ba|z|k)sh$/.test(program)) return true;
  const isShell = /(?:^-?|\/)(?:ba|z|k)sh$/.test(program);
  return isShell && words.some((word) => word === '--restricted' || /^-[a-zA-Z]*r[a-zA-Z]*$/.test(word));
}

const SHELLS_OF_BUSYBOX = ['sh', 'ash', 'hush'];

/** Options whose next word is their value. */
const WITH_VALUE: Readonly<Record<string, readonly string[]>> = {
  python: ['-W', '-X'],
  node: ['-r', '--require', '--import'],
  xonsh: ['-D', '--rc', '--config-path', '--shell-type'],
  sqlite3: ['-cmd', '-init', '-separator', '-nullvalue', '-newline', '-vfs', '-maxsize', '-mmap'],
};
const SHELLS_WITH_VALUE = ['-o', '+o', '-O', '+O', '--rcfile', '--init-file', '-C', '--init-command'];
/** What makes a program run something and end. */
const RUNS = /^(-[a-zA-Z]*[cmep]|--(command|eval|print))$/;

/** A program that is given nothing to run reads its commands from the terminal. */
function isInteractive({ name, isRepl }: Dialect, words: readonly string[]): boolean {
  const withValue = WITH_VALUE[name] ?? (isRepl ? [] : SHELLS_WITH_VALUE);
  // sqlite3 is given a file, and then perhaps a statement to run.
  let operandsLeft = name === 'sqlite3' ? 1 : 0;
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    if (/^-[a-zA-Z]*i$/.test(word) || word === '--interactive' || (!isRepl && word === '-s')) return true;
    if (withValue.includes(word)) index += 1;
    else if (name !== 'sqlite3' && RUNS.test(word)) return false;
    else if (!/^[-+]./.test(word) && operandsLeft-- === 0) return false;
  }
  return true;
}
