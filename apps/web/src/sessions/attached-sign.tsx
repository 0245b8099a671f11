/** Says who else is attached to a session, by their labels. */
import { Icon } from '../look/icons.tsx';
import { usePage } from '../page.ts';

export function AttachedSign({ id }: { id: string }) {
  const attached = usePage().keyboards.attached(id);
  const [first, ...others] = attached;
  if (first === undefined) return null;
  const inWords = attached.map(({ client, isReadOnly }) => `${client}${isReadOnly ? ' (looks only)' : ''}`);
  return (
    <span class="attached-sign" title={`Attached: ${inWords.join(', ')}`}>
      <Icon name="person" />
      <span class="for-screen-readers">attached: {inWords.join(', ')}</span>
      <span class="attached-name" aria-hidden="true">
        {first.client}
        {others.length > 0 && ` +${others.length}`}
      </span>
    </span>
  );
}
