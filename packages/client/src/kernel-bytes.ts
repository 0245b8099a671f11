/**
 * Arguments, environment and working directory as the kernel has them. A text that Node made U+FFFD in is looked up
 * here, and refused unless the character itself was given.
 */
import { isUtf8 } from 'node:buffer';
import { readFileSync, readlinkSync } from 'node:fs';
import { RequestError } from '@pilotty/protocol';
import { isInDoubt } from './in-doubt.ts';

export type KernelBytes = { [K in 'arguments' | 'environment' | 'directory']: Uint8Array | undefined };

/** Undefined where the kernel does not say: without /proc, as on macOS. */
export function kernelBytes(): KernelBytes {
  const tried = (read: () => Uint8Array) => {
    try {
      return read();
    } catch {
      return undefined;
    }
  };
  return {
    arguments: tried(() => readFileSync('/proc/self/cmdline')),
    environment: tried(() => readFileSync('/proc/self/environ')),
    directory: tried(() => readlinkSync('/proc/self/cwd', { encoding: 'buffer' })),
  };
}

/** @param words the last arguments of the process. @throws RequestError INVALID_INPUT */
export function requireDecodedArguments(words: readonly string[], kernel: KernelBytes): void {
  const given = kernel.arguments && entriesOf(kernel.arguments).slice(-words.length);
  words.forEach((word, index) => {
    if (!isInDoubt(word)) return;
    const bytes = given?.[index];
    if (bytes !== undefined && isUtf8(bytes)) return;
    throw new RequestError('INVALID_INPUT', `argument ${index + 1}${inDoubt(bytes)}; nothing was done`, {
      suggestion:
        "Text: 'pilotty type --escapes' sends a byte for \\xe9, 'pilotty type - < FILE' bytes as they are. Argument of a program: let a shell make it, as in pilotty run sh -c 'cat \"$(printf \"caf\\351\")\"'.",
    });
  });
}

/** @param names of the variables that are used or passed on. @throws RequestError INVALID_INPUT */
export function requireDecodedVariables(
  env: Readonly<Record<string, string | undefined>>,
  names: Iterable<string>,
  kernel: KernelBytes,
): void {
  const doubtful = [...names].filter((name) => isInDoubt(name) || isInDoubt(env[name]));
  if (doubtful.length === 0) return;
  const given = kernel.environment && entriesOf(kernel.environment);
  for (const name of doubtful) {
    const entry = given?.find((bytes) => Buffer.from(bytes).toString().startsWith(`${name}=`));
    if (entry !== undefined && isUtf8(entry)) continue;
    // Its value may be a secret.
    const shown = escaped(entry?.subarray(0, entry.indexOf('=')) ?? Buffer.from(name));
    throw new RequestError(
      'INVALID_INPUT',
      `the environment variable ${shown}${inDoubt(undefined, entry)}; nothing was done`,
      {
        suggestion: shown.includes('\\')
          ? 'Remove it from the environment first.'
          : `Leave it out, with env -u ${shown} pilotty …, or give it another value where the command takes --env.`,
      },
    );
  }
}

/** @throws RequestError INVALID_INPUT */
export function requireDecodedDirectory(directory: string, kernel: KernelBytes): void {
  if (!isInDoubt(directory)) return;
  const bytes = kernel.directory;
  if (bytes !== undefined && isUtf8(bytes)) return;
  throw new RequestError('INVALID_INPUT', `the current directory${inDoubt(bytes)}; nothing was done`, {
    suggestion: 'Change to another directory, or name one where the command takes it, as with --cwd.',
  });
}

function inDoubt(shown: Uint8Array | undefined, known = shown): string {
  if (known === undefined) return ' has U+FFFD in it, which may stand for bytes that are not UTF-8';
  return shown === undefined ? ' is not UTF-8' : ` is not UTF-8: ${escaped(shown)}`;
}

const NUL = 0;

/** What ends in NUL. */
function entriesOf(bytes: Uint8Array): Buffer[] {
  const entries: Buffer[] = [];
  let start = 0;
  for (let end = bytes.indexOf(NUL); end !== -1; end = bytes.indexOf(NUL, start)) {
    entries.push(Buffer.from(bytes.subarray(start, end)));
    start = end + 1;
  }
  return entries;
}

/** As printf(1) takes it back: all but printable ASCII as \xHH. */
function escaped(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString('latin1')
    .replaceAll(/[^ -~]|\\/g, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
