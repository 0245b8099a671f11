/** What a bug report needs of a session: the answers of other methods, and lines of the log, without what is to be hidden. */
import { promises as fs } from 'node:fs';
import type { Result } from '@pilotty/protocol';
import { Call, Cancellation } from '../call.ts';
import { screenState } from '../session/screen-state.ts';
import type { Session } from '../session/session.ts';
import type { Handlers } from './handler.ts';
import type { Services } from './services.ts';

const OUTPUT_MS = 60_000;
const MAX_OUTPUT_LENGTH = 64 * 1024;
const MAX_EVENTS = 100;
const MAX_LOG_LINES = 100;
/** Of the end of the log. */
const LOG_BYTES = 1024 * 1024;

type Inspection = Result<'session.inspect'>;

export const inspectHandlers: Handlers<'session.inspect'> = {
  'session.inspect': async (services, params, call) => {
    const session = services.sessions.get(params.session);
    const { id } = session;
    const ask = (method: string, asked: object) => answerOf(services, method, asked, call);
    const since = session.retention.offsetAfter(Date.now() - OUTPUT_MS);
    const { redact } = services.settings;
    const screen = session.isPipe
      ? screenState(session, 'immediate')
      : ((await ask('session.snapshot', { session: id, timeout_ms: 0 })).result as Inspection['screen']);
    const events = (await ask('events.follow', { sessions: [id], after: 0, follow: false })).parts;
    const inspection: Inspection = {
      type: 'inspection',
      ...session.reference,
      taken_at: new Date().toISOString(),
      redacted: redact !== undefined,
      session_status: (await ask('session.status', { session: id })).result as Inspection['session_status'],
      // Half of a secret in each of two rows would not be found.
      screen: redact === undefined ? screen : { ...screen, text: joinedRows(session) },
      output: textOf((await ask('session.output', { session: id, since })).parts),
      events: events.slice(-MAX_EVENTS),
      log: await logLines(services.paths.log, id),
      daemon: (await ask('daemon.info', {})).result,
    };
    return redact === undefined ? inspection : await redacted(inspection, redact);
  },
};

/** The answer of another method, and its parts. */
async function answerOf(
  services: Services,
  method: string,
  params: object,
  call: Call,
): Promise<{ result: unknown; parts: object[] }> {
  const parts: object[] = [];
  const cancellation = new Cancellation();
  const stop = call.whenOver(() => cancellation.cancel());
  const caller = {
    isGone: () => call.isOver,
    emit: async (part: unknown) => {
      parts.push(part as object);
    },
    ready: async () => {},
  };
  try {
    return { result: await services.answerPart(method, params, new Call(caller, cancellation)), parts };
  } finally {
    stop();
  }
}

function textOf(parts: readonly { output?: string; stream?: string }[]): string {
  let text = '';
  let last: string | undefined;
  for (const { output = '', stream } of parts) {
    // A line is of one stream.
    const isCut = stream !== last && text !== '' && !text.endsWith('\n');
    text += isCut ? `\n${output}` : output;
    last = stream;
  }
  if (text.length <= MAX_OUTPUT_LENGTH) return text;
  // From a line on.
  const end = text.slice(-MAX_OUTPUT_LENGTH);
  return end.slice(end.indexOf('\n') + 1);
}

function joinedRows({ screen }: Session): string {
  const lines = screen.logicalLines().map(({ text }) => text.trimEnd());
  return lines.join('\n').trimEnd();
}

/** Those that name it; a log that cannot be read has none. */
async function logLines(path: string, id: string): Promise<unknown[]> {
  let text: string;
  try {
    const handle = await fs.open(path);
    try {
      const { size } = await handle.stat();
      const from = Math.max(0, size - LOG_BYTES);
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - from), 0, size - from, from);
      text = buffer.toString('utf8', 0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch {
    return [];
  }
  const lines = text.split('\n').filter((line) => line.startsWith('{') && line.includes(`"${id}"`));
  return lines.slice(-MAX_LOG_LINES).flatMap(asEntry);
}

/** None for a line that a full disk has cut. */
function asEntry(line: string): unknown[] {
  try {
    return [JSON.parse(line)];
  } catch {
    return [];
  }
}

async function redacted(inspection: Inspection, pattern: string): Promise<Inspection> {
  // Loaded only where it is asked for.
  const { redactorOf } = await import('../redaction.ts');
  const { type, session_id, taken_at } = inspection;
  const rest = JSON.parse(redactorOf(pattern)(JSON.stringify(inspection))) as Inspection;
  return { ...rest, type, session_id, taken_at };
}
