/** All recordings that the daemon knows. */
import { useSignalEffect } from '@preact/signals';
import { AllSessionsButton, CommandsButton } from '../look/bar-buttons.tsx';
import { usePage } from '../page.ts';
import { RecordingList } from './recording-list.tsx';

export function RecordingsPage() {
  const { recordings, link } = usePage();
  const all = recordings.all.value;
  useSignalEffect(() => {
    document.title = 'Recordings · pilotty';
  });
  return (
    <main class="recordings-page">
      <header class="bar">
        <AllSessionsButton />
        <h1 class="session-name">Recordings</h1>
        <div class="bar-actions">
          <CommandsButton shortcut="Ctrl+K" />
        </div>
      </header>
      <div class="recordings-place">
        {all === undefined && link.permitted.value.isScoped && (
          <p class="empty">This login is for some sessions, and shows no recordings.</p>
        )}
        {all?.length === 0 && (
          <div class="empty">
            <h2>No recordings yet</h2>
            <p>
              Open a session and choose <em>Recordings</em>, or use <code>pilotty record start</code>.
            </p>
          </div>
        )}
        {all !== undefined && all.length > 0 && <RecordingList recordings={all} />}
      </div>
    </main>
  );
}
