/** What the bucket of a fleet has: records that hosts write, and others read. What is read may be of any version. */

export interface HostRecord {
  /** Of this run of the host: another one with the same name is another host. */
  instance: string;
  host: string;
  labels: Record<string, string>;
  version: string;
  protocol: number;
  joined_at: string;
  /** So often it is written anew. */
  beat_ms: number;
  /** Running sessions. */
  sessions: number;
  /** Of its processors, how busy they were in the last minute: 1 is all of them. */
  load: number;
  /** Of its daemon, when this was written: what came after it is news of one that fell silent. Absent without a daemon. */
  event_cursor?: number;
}

export interface SessionRecord {
  id: string;
  name: string;
  command: string;
  tags: string[];
  created_at: string;
  /** What its program was doing; absent where that was not known. */
  work_state?: { name: string; began_at: string; text?: string };
}

export interface SessionsRecord {
  sessions: SessionRecord[];
  /** Of more than fit, the oldest are listed. */
  total: number;
}

/** A message of NATS is a megabyte at most, unless its server says otherwise. */
const MAX_RECORD_BYTES = 512 * 1024;

export function parseRecord<T>(bytes: Uint8Array): T | undefined {
  try {
    const record: unknown = JSON.parse(Buffer.from(bytes).toString());
    return typeof record === 'object' && record !== null ? (record as T) : undefined;
  } catch {
    return undefined;
  }
}

/** The oldest that fit. */
export function sessionsRecordOf(sessions: readonly SessionRecord[]): SessionsRecord {
  const listed: SessionRecord[] = [];
  let bytes = 0;
  for (const session of sessions) {
    bytes += Buffer.byteLength(JSON.stringify(session)) + 1;
    if (bytes > MAX_RECORD_BYTES) break;
    listed.push(session);
  }
  return { sessions: listed, total: sessions.length };
}
