/** What a session shows and has printed. */
import { type Params, RequestError, type Result } from '@pilotty/protocol';
import { methods, shapes } from '@pilotty/protocol/schemas';
import * as z from 'zod';
import { MAX_OUTPUT_BYTES } from '../limits.ts';
import { throwIfTimedOut } from './deadline.ts';
import { type Route, route } from './route.ts';

const { shape: snapshot } = methods['session.snapshot'].params;
const { shape: output } = methods['session.output'].params;
/** How the answer refers to it. */
const { session: name, session_id } = methods['session.output'].result.shape;
const session = z.string().min(1);
const outputFormat = z.enum(['plain', 'ansi']);

/** Not JSON but the document itself, by its format. */
const DOCUMENTS = {
  text: 'text/plain; charset=utf-8',
  ansi: 'text/plain; charset=utf-8',
  html: 'text/html; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
} as const;

/** What a program printed must not act as a page of ours. */
const SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:";

type Format = 'plain' | 'styled' | 'new' | keyof typeof DOCUMENTS;

export const lookingRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/sessions/:session/screen',
    id: 'getScreen',
    tag: 'looking',
    effect: 'reads',
    summary: 'Get the screen, as JSON, text or a picture',
    params: z.strictObject({
      session,
      format: z
        .enum(['plain', 'styled', 'text', 'new', 'ansi', 'html', 'svg', 'png'])
        .default('plain')
        .describe('plain, styled and new are JSON; new: only what is new since the last input'),
      scrollback: snapshot.scrollback,
      // The formats have other names here: JSON is asked for with or without its styles.
      elements: snapshot.elements.describe('plain and styled: add elements'),
      since: snapshot.since.describe('plain and styled: only what changed since this revision'),
      theme: snapshot.theme,
      at: snapshot.at,
      at_offset: snapshot.at_offset,
      await_change: snapshot.await_change,
      settle_ms: snapshot.settle_ms,
      timeout_ms: snapshot.timeout_ms,
    }),
    result: shapes.Screen,
    media: Object.values(DOCUMENTS),
    async run({ format, ...rest }, { daemon }) {
      const state = await daemon.request('session.snapshot', { ...rest, ...formatOf(format) });
      throwIfTimedOut(state, state.outcome);
      return format in DOCUMENTS ? documentOf(state, format as keyof typeof DOCUMENTS) : state;
    },
  }),
  route({
    method: 'GET',
    path: '/sessions/:session/scrollback',
    id: 'getScrollback',
    tag: 'looking',
    effect: 'reads',
    summary: 'Read lines: those above the screen, oldest first, and the screen',
    params: z.strictObject({
      session,
      offset: z
        .int()
        .min(0)
        .optional()
        .describe('the first line, counted from the oldest retained one (default: 0)'),
      limit: z.int().min(1).max(10_000).default(1000),
      tail: z.int().min(0).max(10_000).optional().describe('instead of offset and limit: the last lines'),
      format: z.enum(['plain', 'styled']).default('plain'),
    }),
    result: z.object({
      type: z.literal('scrollback'),
      session: name,
      session_id,
      offset: z.int(),
      total_lines: z.int().describe('retained lines, including the screen'),
      lines: z.array(z.any()).describe('strings; for styled: as `lines` of a snapshot'),
      revision: z.int(),
      seq: z.int(),
    }),
    async run({ session, offset, limit, tail, format }, { daemon }) {
      const isStyled = format === 'styled';
      const from = tail === undefined ? ('oldest' as const) : ('end' as const);
      const first = tail === undefined ? (offset ?? 0) : -Math.max(1, tail);
      const rows = { first, last: tail === undefined ? first + limit - 1 : -1, from };
      const asked = {
        session,
        format: isStyled ? ('compact' as const) : ('full' as const),
        styles: isStyled,
      };
      const state = await daemon.request('session.snapshot', { ...asked, rows }).catch(async (error) => {
        if (!isBeyondTheLast(error)) throw error;
        // Nothing there: only how many lines there are.
        return daemon.request('session.snapshot', { session, format: 'compact' });
      });
      const { scrollback_lines: above = 0 } = state;
      const total = above + state.size.rows;
      const begin = tail === undefined ? Math.min(first, total) : Math.max(0, total - tail);
      const count = Math.min(tail ?? limit, total - begin);
      const lines: unknown[] = count === 0 ? [] : (state.lines ?? (state.text ?? '').split('\n'));
      // Empty rows at the end are left out.
      while (lines.length < count) lines.push(isStyled ? [] : '');
      return {
        type: 'scrollback',
        session: state.session,
        session_id: state.session_id,
        offset: begin,
        total_lines: total,
        lines,
        revision: state.revision,
        seq: state.seq,
      };
    },
  }),
  route({
    method: 'GET',
    path: '/sessions/:session/output',
    id: 'getOutput',
    tag: 'looking',
    effect: 'reads',
    summary: 'Read output from an offset',
    params: z.strictObject({
      session,
      since: output.since,
      tail: output.tail,
      format: outputFormat.default('plain').describe('readable text, or the exact bytes'),
    }),
    result: z.object({
      ...methods['session.output'].result.partial().shape,
      session: name,
      session_id,
      format: outputFormat,
      output: z.string().optional().describe('format plain'),
      output_base64: z.string().optional().describe('format ansi'),
      next_offset: z.int().describe('pass it as `since` to continue'),
      more: z.boolean().describe('more output is available now'),
    }),
    async run({ format, session, ...rest }, { daemon }) {
      const parts: Buffer[] = [];
      let length = 0;
      let next_offset = rest.since ?? 0;
      const read = daemon.request(
        'session.output',
        { session, ...rest, format: format === 'plain' ? 'text' : 'ansi' },
        (part) => {
          const bytes = Buffer.from(
            part.output ?? part.output_base64 ?? '',
            part.output === undefined ? 'base64' : 'utf8',
          );
          parts.push(bytes);
          length += bytes.length;
          next_offset = part.next_offset;
          if (length >= MAX_OUTPUT_BYTES) throw new EnoughError();
        },
      );
      const result = await read.catch(async (error: unknown) => {
        if (!(error instanceof EnoughError)) throw error;
        // Also of one whose host is gone, and whose output is read of the stream of its fleet.
        const { tail: _, ...asked } = rest;
        const end = { ...asked, session, tail: 0 };
        const { session: name, session_id, from_stream } = await daemon.request('session.output', end);
        return {
          type: 'output',
          session: name,
          session_id,
          next_offset,
          ...(from_stream && { from_stream }),
        };
      });
      const all = Buffer.concat(parts);
      return {
        ...result,
        format,
        ...(format === 'plain' ? { output: all.toString() } : { output_base64: all.toString('base64') }),
        more: length >= MAX_OUTPUT_BYTES,
      };
    },
  }),
];

function isBeyondTheLast(error: unknown): boolean {
  return error instanceof RequestError && error.details?.last_row !== undefined;
}

/** Ends an answer that would become too long. */
class EnoughError extends Error {}

function formatOf(format: Format): Pick<Params<'session.snapshot'>, 'format' | 'styles'> {
  return format === 'plain' || format === 'styled' ? { styles: format === 'styled' } : { format };
}

function documentOf(state: Result<'session.snapshot'>, format: keyof typeof DOCUMENTS): Response {
  const body = format === 'png' ? Buffer.from(state.data_base64 ?? '', 'base64') : (state.text ?? '');
  return new Response(body, {
    headers: {
      'content-type': DOCUMENTS[format],
      'content-security-policy': SANDBOX,
      'pilotty-revision': String(state.revision),
      'pilotty-content-hash': String(state.content_hash),
      'pilotty-seq': String(state.seq),
    },
  });
}
