/** Sends the answer that a person has chosen: only to the screen that asked for it. */
import { RequestError } from '@pilotty/client/browser';
import type { Answer } from '@pilotty/terminal/question';
import type { Link } from '../connection/link.ts';
import type { Notices } from '../notices/notices.ts';
import type { Attention } from './attention.ts';

export async function sendAnswer(
  { link, notices }: { link: Link; notices: Notices },
  { id, name }: { id: string; name: string },
  { revision }: Attention,
  answer: Answer,
): Promise<void> {
  const where = { session: id, ...(revision !== undefined && { only_if: { revision } }) };
  try {
    if ('text' in answer) await link.request('session.type', { ...where, text: answer.text, enter: true });
    else if ('keys' in answer) await link.request('session.key', { ...where, keys: answer.keys });
    else await link.request('session.choose', { ...where, text: answer.choose });
    notices.show(`${name}: ${answer.label}`);
  } catch (error) {
    const hasChanged = error instanceof RequestError && error.code === 'CONDITION_FAILED';
    if (hasChanged) notices.show(`${name} shows something else by now; nothing was sent.`, 'error');
    else notices.tellError(error);
  }
}
