/** The frame of every dialog: modal, closed by Escape or a click beside it, focus back to where it was. */
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { IconButton } from '../look/icons.tsx';
import { usePage } from '../page.ts';

export function Dialog({
  title,
  class: className = '',
  children,
}: {
  title: string;
  class?: string;
  children: ComponentChildren;
}) {
  const { dialogs } = usePage();
  const dialog = useRef<HTMLDialogElement>(null);
  // Before the next key: it is meant for the dialog already.
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      class={`dialog ${className}`}
      aria-label={title}
      onClose={() => {
        // The event comes later than the end of the dialog: another may be open by then.
        if (dialog.current !== null) dialogs.close();
      }}
      closedby="any"
    >
      <div class="dialog-content">
        <header class="dialog-head">
          <h2>{title}</h2>
          <IconButton icon="close" label="Close" hint="Escape" onClick={() => dialogs.close()} />
        </header>
        {children}
      </div>
    </dialog>
  );
}
