/** A command in the session's own shell, with its whole output in the answer, as far as an answer may be long. */
import { isUtf8 } from 'node:buffer';
import { methods } from '@pilotty/protocol/schemas';
import * as z from 'zod';
import { MAX_OUTPUT_BYTES } from '../limits.ts';
import { throwIfTimedOut } from './deadline.ts';
import { type Route, route } from './route.ts';

const text = z.string().optional();

export const execRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/sessions/:session/exec',
    id: 'runCommand',
    tag: 'exec',
    effect: 'changes',
    summary: "Run a command in the session's shell, and return its output",
    params: methods['session.exec'].params,
    result: methods['session.exec'].result.extend({
      stdout: text.describe('if it is UTF-8'),
      stdout_base64: text.describe('if it is not'),
      stderr: text,
      stderr_base64: text,
    }),
    async run(given, { daemon }) {
      const printed = { stdout: new Printed(), stderr: new Printed() };
      const result = await daemon.request('session.exec', given, ({ stream, data_base64 }) =>
        printed[stream].add(Buffer.from(data_base64, 'base64')),
      );
      const missed = (result.missed_bytes ?? 0) + printed.stdout.dropped + printed.stderr.dropped;
      const answer = {
        ...result,
        ...inJson('stdout', printed.stdout),
        ...inJson('stderr', printed.stderr),
        ...(missed > 0 && { truncated: true as const, missed_bytes: missed }),
      };
      return throwIfTimedOut(answer, answer.outcome);
    },
  }),
];

/** The beginning of a stream; POST /rpc/session.exec gives all of it, as it comes. */
class Printed {
  readonly #parts: Buffer[] = [];
  #bytes = 0;
  dropped = 0;

  add(bytes: Buffer): void {
    const kept = bytes.subarray(0, MAX_OUTPUT_BYTES - this.#bytes);
    this.#parts.push(kept);
    this.#bytes += kept.length;
    this.dropped += bytes.length - kept.length;
  }

  get content(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

function inJson(name: 'stdout' | 'stderr', { content }: Printed): Record<string, string> {
  return isUtf8(content)
    ? { [name]: content.toString() }
    : { [`${name}_base64`]: content.toString('base64') };
}
