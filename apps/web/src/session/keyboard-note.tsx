/** Who alone may type into an open session, with the way to it and back. */
import { useEffect } from 'preact/hooks';
import { usePage } from '../page.ts';

export function KeyboardNote({ id }: { id: string }) {
  const { keyboards, open, link } = usePage();
  useEffect(() => keyboards.look(id), [keyboards, id]);
  const keyboard = keyboards.of(id).value;
  if (keyboard === undefined) return null;
  const { holder, handOver } = keyboard;
  const isMine = keyboards.isMine(id);
  const act = async () => {
    if (isMine) await keyboards.release(id);
    else await keyboards.take(id);
    open.focus(id);
  };
  return (
    <div class="session-note keyboard-note" role="status">
      <span>
        {holder === null ? (
          <>
            <strong>{handOver?.by}</strong> hands over: {handOver?.message}
          </>
        ) : isMine ? (
          <>
            <strong>You have the keyboard.</strong> {handOver?.message ?? 'Others cannot type.'}
          </>
        ) : (
          <>
            <strong>{holder}</strong> has the keyboard; what you type is not sent.
          </>
        )}
      </span>
      {!link.isReadOnly.value && (
        <button type="button" class="button" onClick={() => void act()}>
          {isMine ? (handOver === null ? 'Release it' : 'Hand it back') : 'Take the keyboard'}
        </button>
      )}
    </div>
  );
}
