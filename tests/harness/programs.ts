/** Programs that tests run in a terminal: our own small ones, and those of the machine. */
import { fileURLToPath } from 'node:url';
import { TestRunner } from 'vitest';
import { PATH, pathOf } from './path.ts';

export { PATH, pathOf };

/** The Debian package of a program, where it has another name. */
const PACKAGES: Readonly<Record<string, string>> = {
  infocmp: 'ncurses-bin',
  lua: 'lua5.4',
  man: 'man-db',
  more: 'util-linux',
  ps: 'procps',
  script: 'bsdutils',
  ssh: 'openssh-client',
  'ssh-keygen': 'openssh-client',
  sshd: 'openssh-server',
  setsid: 'util-linux',
  tclsh: 'tcl',
  top: 'procps',
  watch: 'procps',
};

/** Programs that Debian has no package of. */
const OF_NPM: readonly string[] = ['nu'];

/** The arguments that run one of tests/programs, to put after `spawn`. */
export function program(name: string, ...args: string[]): string[] {
  const path = fileURLToPath(new URL(`../programs/${name}`, import.meta.url));
  return [name.endsWith('.sh') ? '/bin/sh' : process.execPath, path, ...args];
}

/**
 * First line of a test that cannot do without a program of the machine. Where it is missing, the
 * test is skipped, and says so; in CI it fails instead, because nobody reads what CI skips.
 */
export function needs(...names: string[]): void {
  const absent = names.filter((name) => pathOf(name) === undefined);
  if (absent.length === 0) return;
  const isOfNpm = (name: string) => OF_NPM.includes(name);
  const packages = absent.filter((name) => !isOfNpm(name)).map((name) => PACKAGES[name] ?? name);
  const ways = [
    ...(packages.length > 0 ? [`on Debian: apt-get install ${packages.join(' ')}`] : []),
    ...(absent.some(isOfNpm) ? ['.ci/programs installs it'] : []),
  ];
  missing(`${absent.join(', ')} not found; ${ways.join('; ')}`);
}

/** Ends a test that lacks something: skipped on a user's machine, failed in CI. */
export function missing(message: string): void {
  if (process.env.CI) throw new Error(message);
  console.warn(`skipped: ${message}`);
  TestRunner.getCurrentTest()?.context.skip(message);
}
