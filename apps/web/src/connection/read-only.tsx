/** Says that this login may look and change nothing, and until when. */
import { usePage } from '../page.ts';

export const READ_ONLY = 'This login may only look: nothing was sent.';

const TIME = new Intl.DateTimeFormat(undefined, {
  dateStyle: 'medium',
  timeStyle: 'short',
  hourCycle: 'h23',
});

export function ReadOnly() {
  const { expiresAt } = usePage().link.permitted.value;
  const end = expiresAt === undefined ? '' : ` until ${TIME.format(Date.parse(expiresAt))}`;
  return (
    <span class="tag" title={`This login may look${end}, and change nothing.`}>
      Read-only
    </span>
  );
}
