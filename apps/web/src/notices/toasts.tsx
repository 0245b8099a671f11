/** Notices, and the kills that can still be undone. */
import { now } from '../look/clock.ts';
import { IconButton } from '../look/icons.tsx';
import { usePage } from '../page.ts';
import type { PlannedKill } from '../sessions/kills.ts';

export function Toasts() {
  const { notices, kills } = usePage();
  const isError = (kind: string) => kind === 'error';
  return (
    <div class="toasts">
      <div role="status">
        {kills.planned.value.map((kill) => (
          <Kill key={kill.id} kill={kill} />
        ))}
        {notices.all.value
          .filter(({ kind }) => !isError(kind))
          .map(({ key, text }) => (
            <p class="toast" key={key}>
              {text}
            </p>
          ))}
      </div>
      <div role="alert">
        {notices.all.value
          .filter(({ kind }) => isError(kind))
          .map(({ key, text }) => (
            <div class="toast error" key={key}>
              <p>{text}</p>
              <IconButton icon="close" label="Dismiss" onClick={() => notices.dismiss(key)} />
            </div>
          ))}
      </div>
    </div>
  );
}

function Kill({ kill }: { kill: PlannedKill }) {
  const { kills } = usePage();
  return (
    <div class="toast kill">
      <p>
        {kill.name} is about to be killed
        <span class="muted" aria-hidden="true">
          {' '}
          in {Math.max(0, Math.floor((kill.at - now.value) / 1000))} s
        </span>
      </p>
      <button type="button" class="button primary" onClick={() => kills.undo(kill.id)}>
        Undo
      </button>
      <button type="button" class="button" onClick={() => kills.send(kill.id)}>
        Now
      </button>
    </div>
  );
}
