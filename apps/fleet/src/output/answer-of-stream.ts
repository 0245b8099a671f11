/** The answer of `session.output`, of what the stream of the fleet has. */
import type { Params, Result, StreamEvent } from '@pilotty/client';
import type { AskedOutput } from './asked-output.ts';
import { LastLines } from './last-lines.ts';
import { type Piece, type Shown, type ShownPart, shownAs } from './shown.ts';
import type { KeptSession, StoredOutput } from './stored-output.ts';

export interface AnsweredOfStream {
  stream: Pick<AskedOutput, 'page'>;
  host: string;
  kept: KeptSession;
  /** Why the host has not answered. */
  reason: string;
  onEvent: ((part: StreamEvent<'session.output'>) => void | Promise<void>) | undefined;
  signal: AbortSignal | undefined;
}

type Gap = { offset: number; next_offset: number };

const MAX_GAPS = 100;
const NEWLINE = 0x0a;

/** @throws Error where it cannot be read */
export async function answerOfStream(
  params: Params<'session.output'>,
  { stream, host, kept, reason, onEvent, signal }: AnsweredOfStream,
): Promise<Result<'session.output'>> {
  const { since = 0, format = 'text', tail } = params;
  const lastLines = tail === undefined ? undefined : new LastLines(tail);
  const gaps: Gap[] = [];
  const say = async (parts: readonly ShownPart[], next_offset: number) => {
    for (const part of parts) {
      if (lastLines) lastLines.add(part);
      else await onEvent?.({ ...part, next_offset });
    }
  };
  let shown: Shown | undefined;
  let offset: number | undefined;
  let at = since;
  let last = kept.last;
  let retained = 0;
  for (let seq = 1, more = true; more; ) {
    signal?.throwIfAborted();
    const page = await stream.page(host, kept.id, seq);
    for (const output of page.outputs) {
      seq = output.seq + 1;
      last = output;
      retained += output.to - output.from;
      // Kept twice, where NATS has confirmed the first too late.
      if (output.to <= at) continue;
      const { from, piece } = pieceOf(output, at, format);
      shown ??= await shownAs(params, piece);
      if (from > at) {
        gaps.push({ offset: at, next_offset: from });
        await say(shown.miss(from - at), from);
      }
      offset ??= from;
      at = output.to;
      await say(shown.add(piece), at);
    }
    more = page.more;
  }
  await say(shown?.end() ?? [], at);
  for (const part of lastLines?.parts() ?? []) await onEvent?.({ ...part, next_offset: at });
  const missed = gaps.reduce((sum, gap) => sum + gap.next_offset - gap.offset, 0);
  const total = Math.max(last.to, at);
  return {
    type: 'output',
    session: last.name,
    session_id: kept.id,
    format,
    offset: offset ?? at,
    next_offset: at,
    ...(missed > 0 && { truncated: true, missed_bytes: missed }),
    retention: {
      total_bytes: total,
      retained_bytes: Math.min(retained, total),
      dropped_bytes: Math.max(0, total - retained),
      truncated: retained < total,
    },
    ...(last.exit && { exit: last.exit }),
    from_stream: { reason, kept_at: last.keptAt.toISOString(), gaps: gaps.slice(0, MAX_GAPS) },
  };
}

/**
 * What of a message is not known yet. Behind a gap a text begins with a line, as it does where a daemon no longer retains what
 * was before: what is left of a line may begin inside an escape sequence.
 */
function pieceOf(
  { from, to, bytes, size, runs }: StoredOutput,
  at: number,
  format: string,
): { from: number; piece: Piece } {
  const all = Buffer.from(bytes);
  // Where something is covered, offsets within it are not known: it is shown whole.
  const isExact = all.length === to - from && runs === undefined;
  if (from < at && isExact) return { from: at, piece: { bytes: all.subarray(at - from), size, runs } };
  if (from <= at || format === 'ansi' || !isExact) return { from, piece: { bytes: all, size, runs } };
  const skipped = all.indexOf(NEWLINE) + 1;
  return { from: from + skipped, piece: { bytes: all.subarray(skipped), size, runs } };
}
