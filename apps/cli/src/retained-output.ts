/** A session's output on its way to stdout, or into one object; what is missing is counted on stderr. */
import type { Client, Params, Result } from '@pilotty/client';
import type { Io, Output } from './io.ts';

export async function printOutput(
  client: Client,
  params: Params<'session.output'>,
  io: Io,
): Promise<Result<'session.output'>> {
  let isMidLine = false;
  const isOneStream = params.stream !== undefined && params.stream !== 'both';
  const result = await client.request('session.output', params, {
    signal: io.signal,
    onEvent: (event) => {
      const to = event.stream === 'stderr' && !isOneStream ? io.stderr : io.stdout;
      if (event.output_base64 !== undefined) return to.write(Buffer.from(event.output_base64, 'base64'));
      if (event.missed_bytes !== undefined && isMidLine) {
        // What comes next does not go on here.
        isMidLine = false;
        return io.stdout.write('\n');
      }
      if (!event.output) return;
      // What was written to no terminal is left as it is.
      if (event.stream !== undefined) return to.write(event.output);
      isMidLine = !event.output.endsWith('\n');
      return io.stdout.write(event.output);
    },
  });
  // Text is lines; bytes are left as they are.
  if (isMidLine) await io.stdout.write('\n');
  await reportLoss(result, io.stderr);
  await reportStream(result, io.stderr);
  return result;
}

/** Of a program without a terminal `stderr` is apart, where there is any and the format is text. */
interface OutputContent {
  output?: string;
  output_base64?: string;
  stderr?: string;
}

export async function collectOutput(
  client: Client,
  params: Params<'session.output'>,
  io: Io,
): Promise<{ content: OutputContent; result: Result<'session.output'> }> {
  const texts: string[] = [];
  const parts: Buffer[] = [];
  const errors: string[] = [];
  const isBoth = params.stream === undefined || params.stream === 'both';
  const result = await client.request('session.output', params, {
    signal: io.signal,
    onEvent: ({ output, output_base64, stream }) => {
      if (stream === 'stderr' && isBoth && output !== undefined) errors.push(output);
      else if (output !== undefined) texts.push(output);
      if (output_base64 !== undefined) parts.push(Buffer.from(output_base64, 'base64'));
    },
  });
  const content =
    params.format === 'ansi'
      ? { output_base64: Buffer.concat(parts).toString('base64') }
      : { output: texts.join(''), ...(errors.length > 0 && { stderr: errors.join('') }) };
  return { content, result };
}

/** What of the answer is missing, as it says it. */
export function lossOf({
  truncated,
  missed_bytes,
}: Result<'session.output'>): Pick<Result<'session.output'>, 'truncated' | 'missed_bytes'> {
  return { ...(truncated && { truncated, missed_bytes }) };
}

async function reportLoss(
  { missed_bytes, retention }: Result<'session.output'>,
  stderr: Output,
): Promise<void> {
  if (missed_bytes === undefined) return;
  const facts = { missed_bytes, ...retention };
  const words = Object.entries(facts).map(([name, fact]) => `${name}=${fact}`);
  await stderr.write(`retention: ${words.join(' ')}\n`);
}

/** It is not the host that has answered. */
async function reportStream(
  { from_stream: stream, next_offset, exit }: Result<'session.output'>,
  stderr: Output,
): Promise<void> {
  if (stream === undefined) return;
  const { reason, kept_at, gaps } = stream;
  const missing =
    gaps.length === 0 ? '' : `; missing: ${gaps.map((gap) => `${gap.offset}-${gap.next_offset}`).join(', ')}`;
  const end = exit === undefined ? 'its program had not ended by then' : 'its program has ended';
  await stderr.write(
    `stream: ${reason}. This was kept in the stream of the fleet, up to offset ${next_offset} at ${kept_at}; ${end}${missing}.\n`,
  );
}
