import { readAll } from '@pilotty/client/node';
import { command, printJson } from '../command.ts';
import { interpretEscapes } from '../escapes.ts';
import { readerOf, sendTo } from '../sending.ts';
import type { Input } from '../sessions/activity-log.ts';
import type { Session } from '../sessions/session.ts';

/** Of one request; far below what a message may be. */
const PIECE_BYTES = 4 * 1024 * 1024;

export const write = command({
  usage: 'ID',
  summary: 'send stdin to the program',
  options: { raw: { description: 'as it is, backslashes included' } },
  most: 1,
  examples: [
    ["printf '%s' 'ls -la\\n' | delta-sessions write ID", '\\n stands for Enter'],
    ['delta-sessions write ID --raw < script.py', 'a file, with its backslashes'],
  ],
  async run({ arguments: [id], options }, around) {
    around.sessions.get(id);
    const given = await readAll(around.io.stdin(), 'stdin', around.io.signal);
    const bytes = options.has('raw') ? Buffer.from(given) : interpretEscapes(given);
    const session = await sendTo(id, around, (session) => send(session, bytes, options.has('raw')));
    await printJson(around, { status: 'sent', bytes: bytes.length, session_id: session.id });
    return 0;
  },
});

async function send(session: Session, given: Buffer, isVerbatim: boolean): Promise<Input> {
  const { isSecret, isRaw } = await readerOf(session);
  const bytes = isRaw && !isVerbatim ? withEnter(given) : given;
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
    const data_base64 = bytes.subarray(at, at + PIECE_BYTES).toString('base64');
    await session.client.request('session.type', { session: session.target, data_base64 });
  }
  return isSecret ? { withheld_bytes: given.length } : { input: given.toString() };
}

const LF = 0x0a;
const CR = 0x0d;

/** The Enter key sends CR. A line discipline makes LF of it; a program in raw mode, such as redis-cli, awaits it. */
function withEnter(bytes: Buffer): Buffer {
  return Buffer.from(bytes.map((byte, at) => (byte === LF && bytes[at - 1] !== CR ? CR : byte)));
}
