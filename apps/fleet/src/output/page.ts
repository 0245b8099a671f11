/** Some messages of a session at a time: as many as an answer has room for, and as soon as who asks will wait. */
import type { OutputReader, StoredOutput } from './stored-output.ts';

export interface OutputPage {
  outputs: StoredOutput[];
  /** There are more behind the last. */
  more: boolean;
}

/** A host is given up after 1.5 s: nats/ask-any.ts. */
const PAGE_MS = 200;
/** What is said of each, about. */
const FACTS_BYTES = 256;

/** @param maxBytes of output; the first message is there in any case */
export async function pageOf(
  reader: OutputReader,
  { host, id, seq }: { host: string; id: string; seq: number },
  maxBytes: number,
): Promise<OutputPage> {
  const startedAt = performance.now();
  const outputs: StoredOutput[] = [];
  let bytes = 0;
  for (let from = seq; ; ) {
    const output = await reader.next(host, id, from);
    if (output === undefined) return { outputs, more: false };
    bytes += output.bytes.length + FACTS_BYTES;
    if (outputs.length > 0 && bytes > maxBytes) return { outputs, more: true };
    outputs.push(output);
    if (performance.now() - startedAt > PAGE_MS) return { outputs, more: true };
    from = output.seq + 1;
  }
}
