/**
 * Has an interactive bash, zsh, fish or PowerShell mark its prompts and commands, without touching a file of its user.
 *
 * Each reads a script of ours in the one place it offers: bash as its --rcfile, or as $ENV where it is a login shell;
 * zsh in the directory that ZDOTDIR names; fish as --init-command; PowerShell as -Command. The scripts put everything back and read the
 * user's own files. A shell that was given anything but a wish to be interactive or a login shell is left alone:
 * some options forbid such files, others make it run something else.
 */
import fs from 'node:fs';
import path from 'node:path';
import { processArguments, processEnvironment } from '../processes/process-table.ts';

export interface ShellIntegration {
  shell: 'bash' | 'zsh' | 'fish' | 'pwsh';
  argv: readonly [string, ...string[]];
  env: Readonly<Record<string, string>>;
}

type Environment = Readonly<Record<string, string>>;

/** Beside the bundle. */
const SCRIPTS = path.join(import.meta.dirname, 'shell-integration');
const LOGIN = /^(?:-[il]*l[il]*|--login)$/;
const INTERACTIVE = /^(?:-i|--interactive)$/;
/** Options of pwsh, which it takes in any case and may be shortened, behind which it is still a shell at its prompt. */
const OF_PWSH = /^--?(?:i|interactive|l|login|noe|noexit|nol|nologo|nop|noprofile|noprofileloadtime)$/i;

/** Undefined where the program is no shell we know, or is to do something else than to be one. */
export function shellIntegration(
  argv: readonly [string, ...string[]],
  env: Environment,
): ShellIntegration | undefined {
  const [program, ...options] = argv;
  if (/^pwsh(?:-preview)?$/.test(path.basename(program)))
    return options.every((option) => OF_PWSH.test(option)) ? ofPwsh(argv, env) : undefined;
  if (!options.every((option) => LOGIN.test(option) || INTERACTIVE.test(option))) return undefined;
  switch (path.basename(program)) {
    case 'bash':
      return isOldBash(program) || startsInPosixMode(env) ? undefined : ofBash(argv, env);
    case 'zsh':
      return ofZsh(argv, env);
    case 'fish':
      return ofFish(argv, env);
    default:
      return undefined;
  }
}

function ofBash([program, ...options]: readonly [string, ...string[]], env: Environment) {
  const script = scriptPath('pilotty.bash');
  if (script === undefined) return undefined;
  const shell = 'bash' as const;
  if (!options.some((option) => LOGIN.test(option))) {
    return { shell, argv: [program, '--rcfile', script, ...options] as const, env };
  }
  const { ENV, ...others } = env;
  return {
    shell,
    argv: [program, '--posix', ...options] as const,
    env: { ...others, ENV: script, ...(ENV !== undefined && { PILOTTY_BASH_ENV: ENV }) },
  };
}

function ofZsh(argv: readonly [string, ...string[]], env: Environment): ShellIntegration | undefined {
  const script = scriptPath('zsh/.zshenv');
  if (script === undefined) return undefined;
  const { ZDOTDIR, ...others } = env;
  return {
    shell: 'zsh',
    argv,
    env: {
      ...others,
      ZDOTDIR: path.dirname(script),
      ...(ZDOTDIR !== undefined && { PILOTTY_ZDOTDIR: ZDOTDIR }),
    },
  };
}

function ofFish([program, ...options]: readonly [string, ...string[]], env: Environment) {
  const script = scriptPath('pilotty.fish');
  if (script === undefined) return undefined;
  const quoted = `'${script.replace(/[\\']/g, '\\$&')}'`;
  return {
    shell: 'fish' as const,
    argv: [program, '--init-command', `source ${quoted}`, ...options] as const,
    env,
  };
}

/** It may be silent where that fails: it is a shell all the same. */
function ofPwsh([program, ...options]: readonly [string, ...string[]], env: Environment) {
  const script = scriptPath('pilotty.ps1');
  if (script === undefined) return undefined;
  const quoted = `'${script.replaceAll("'", "''")}'`;
  // Takes all that follows as its text; and -Login counts as the first word only.
  const command = ['-NoExit', '-Command', `try { . ${quoted} } catch { }`];
  return { shell: 'pwsh' as const, argv: [program, ...options, ...command] as const, env };
}

/** Whether a process is the shell we had read our script, and not what that has become by an `exec`. */
export function hasReadScript(pid: number): boolean {
  const environment = processEnvironment(pid);
  // Where the environment cannot be read, it is assumed to be what was started.
  if (environment === undefined || processArguments(pid).some((word) => word.includes(SCRIPTS))) return true;
  return environment.some((variable) => /^(?:ZDOTDIR|ENV)=/.test(variable) && variable.includes(SCRIPTS));
}

/** A shell that is to read a missing file would read none of its user's files either. */
function scriptPath(name: string): string | undefined {
  const script = path.join(SCRIPTS, name);
  return fs.existsSync(script) ? script : undefined;
}

/** The one of macOS is 3.2, and ignores $ENV; which one a bare name means depends on the PATH. */
function isOldBash(program: string): boolean {
  return process.platform === 'darwin' && (program === 'bash' || program === '/bin/bash');
}

/** What its user wants, and it reads only their $ENV. */
function startsInPosixMode(env: Environment): boolean {
  return env.POSIXLY_CORRECT !== undefined || /(?:^|:)posix(?::|$)/.test(env.SHELLOPTS ?? '');
}
