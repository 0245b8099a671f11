/** The output stream, for those who may look and not act: any host reads it for them, as it does the directory. */
import { parseRecord } from '../directory/records.ts';
import { isName, isSessionId, keptOutputSubject } from '../names.ts';
import { isInbox, type Nats } from '../nats/connect.ts';
import { type OutputAnswers, type OutputQuestion, told } from '../output/messages.ts';
import { pageOf } from '../output/page.ts';
import type { OutputReader } from '../output/stored-output.ts';

/** As text of JSON it is a third more, with what is said of it. */
const MAX_PAGE_BYTES = 512 * 1024;
const PART_OF_MESSAGE = 2;

/** @returns ends it */
export function answerKeptOutput({ connection }: Nats, fleet: string, reader: OutputReader): () => void {
  const maxBytes = Math.min(
    MAX_PAGE_BYTES,
    (connection.info?.max_payload ?? MAX_PAGE_BYTES) / PART_OF_MESSAGE,
  );
  const subscription = connection.subscribe(keptOutputSubject(fleet), {
    queue: 'output',
    callback: (error, message) => {
      if (error !== null || message.reply === undefined || !isInbox(message.reply)) return;
      void answerTo(reader, parseRecord<Partial<OutputQuestion>>(message.data), maxBytes)
        .catch((cause: Error) => ({ problem: cause.message }))
        .then((answer) => message.respond(JSON.stringify(answer)));
    },
  });
  return () => subscription.unsubscribe();
}

async function answerTo(
  reader: OutputReader,
  question: Partial<OutputQuestion> | undefined,
  maxBytes: number,
): Promise<OutputAnswers[keyof OutputAnswers] | { problem: string }> {
  // Anyone can send anything.
  const { host } = question ?? {};
  if (typeof host !== 'string' || !isName(host)) return { problem: 'no host is named' };
  if (question?.ask === 'find' && typeof question.session === 'string') {
    const found = await reader.find(host, question.session);
    return found === undefined ? {} : { id: found.id, last: told(found.last) };
  }
  if (question?.ask === 'page') {
    const { id, seq } = question;
    if (!isSessionId(id) || !Number.isSafeInteger(seq)) return { problem: 'no session is named' };
    const { outputs, more } = await pageOf(reader, { host, id, seq: Math.max(1, seq as number) }, maxBytes);
    return { outputs: outputs.map(told), more };
  }
  return { problem: 'the question is not known' };
}
