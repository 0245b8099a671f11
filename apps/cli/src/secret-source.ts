/** A secret as a command line names it: where it stands, never the value itself. */
import { RequestError } from '@pilotty/client';
import { requireDecoded } from '@pilotty/client/node';
import { type Option, text, value } from './command.ts';
import type { Io } from './io.ts';
import { readFileArgument, readStdin } from './read-input.ts';
import { UsageError } from './usage-error.ts';

export function secretSource(description: string): Option<string | undefined> {
  return value('SOURCE', text, description);
}

/** Wrong on the command line, as a variable that is not set would be. */
async function readSecretFile(path: string, timeoutMs: number | undefined, io: Io): Promise<Buffer> {
  try {
    return await readFileArgument(path, timeoutMs, io);
  } catch (error) {
    if (!(error instanceof RequestError && error.code === 'INVALID_INPUT')) throw error;
    throw new UsageError(`--secret: ${error.message}`);
  }
}

/** @throws UsageError, which does not repeat what was given; RequestError at the deadline */
export async function readSecret(source: string, timeoutMs: number | undefined, io: Io): Promise<Buffer> {
  if (source === '-') return withoutNewline(await readStdin('env:NAME or file:PATH', source, timeoutMs, io));
  const [, kind, name = ''] = /^(env|file):(.+)$/s.exec(source) ?? [];
  if (kind === 'file') return withoutNewline(await readSecretFile(name, timeoutMs, io));
  // The value given is not repeated: it may be the secret itself.
  if (kind !== 'env') throw new UsageError('--secret must be env:NAME, file:PATH or -');
  const found = io.env[name];
  if (found === undefined) throw new UsageError(`--secret env:${name}: that variable is not set`);
  await requireDecoded(io, { variables: [name] });
  return Buffer.from(found);
}

/** The newline that ends the last line of a file or pipe is not part of the value. */
function withoutNewline(bytes: Buffer): Buffer {
  if (bytes.at(-1) !== LF) return bytes;
  return bytes.subarray(0, bytes.at(-2) === CR ? -2 : -1);
}

const LF = 0x0a;
const CR = 0x0d;
