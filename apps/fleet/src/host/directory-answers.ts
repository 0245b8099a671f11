/**
 * The directory, for those who may look and not act: any host reads it for them (a queue group). They need no permission for
 * JetStream, whose server answers to any subject that a request names.
 */
import type { Directory } from '../directory/bucket.ts';
import type { DirectoryAnswers, DirectoryQuestion, HostsPage, ToldHost } from '../directory/messages.ts';
import { parseRecord } from '../directory/records.ts';
import { directorySubject, isName } from '../names.ts';
import { isInbox, type Nats } from '../nats/connect.ts';

/** A page is one message. */
const MAX_PAGE_BYTES = 512 * 1024;

/** @returns ends it */
export function answerDirectory({ connection }: Nats, fleet: string, directory: Directory): () => void {
  const maxBytes = Math.min(MAX_PAGE_BYTES, (connection.info?.max_payload ?? MAX_PAGE_BYTES) / 2);
  const subscription = connection.subscribe(directorySubject(fleet), {
    queue: 'directory',
    callback: (error, message) => {
      if (error !== null || message.reply === undefined || !isInbox(message.reply)) return;
      void answerTo(directory, parseRecord<DirectoryQuestion>(message.data), maxBytes)
        .catch((cause: Error) => ({ problem: cause.message }))
        .then((answer) => message.respond(JSON.stringify(answer)));
    },
  });
  return () => subscription.unsubscribe();
}

async function answerTo(
  directory: Directory,
  question: DirectoryQuestion | undefined,
  maxBytes: number,
): Promise<DirectoryAnswers[keyof DirectoryAnswers] | { problem: string }> {
  if (question?.ask === 'hosts') return pageOf(await directory.hosts(), question.after, maxBytes);
  if (question?.ask === 'joins') return { revision: await directory.joins() };
  // Anyone can send anything.
  const { ask, host } = question ?? {};
  if (typeof host !== 'string' || !isName(host)) return { problem: 'no host is named' };
  if (ask === 'sessions') return await directory.sessionsOf(host);
  if (ask !== 'host') return { problem: 'the question is not known' };
  const found = await directory.host(host);
  return found === undefined ? {} : { host: told(found) };
}

function pageOf(known: Awaited<ReturnType<Directory['hosts']>>, after = '', maxBytes: number): HostsPage {
  const hosts: ToldHost[] = [];
  let bytes = 0;
  for (const one of known) {
    if (one.host <= after) continue;
    bytes += JSON.stringify(one).length + 64;
    if (bytes > maxBytes && hosts.length > 0) return { hosts, more: true };
    hosts.push(told(one));
  }
  return { hosts, more: false };
}

function told({ host, record, lastSeen }: Awaited<ReturnType<Directory['hosts']>>[number]): ToldHost {
  return { host, record, last_seen: lastSeen.toISOString() };
}
