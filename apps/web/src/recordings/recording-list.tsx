/** Recordings, each with what can be done with it. */
import { useEffect } from 'preact/hooks';
import { isVisible, now } from '../look/clock.ts';
import { Icon } from '../look/icons.tsx';
import { usePage } from '../page.ts';
import { addressOf, addressOfRecording } from '../route.ts';
import { begunAt, clock, endInWords, sizeInWords } from './facts.ts';
import { isActive, type Recording } from './recordings.ts';

/** Of the length and the size of those under way. */
const REFRESH_MS = 2_000;

export function RecordingList({ recordings: listed }: { recordings: readonly Recording[] }) {
  const { recordings } = usePage();
  const isAnyActive = listed.some(isActive);
  useEffect(() => {
    if (!isAnyActive) return;
    const timer = setInterval(() => isVisible.peek() && void recordings.refresh(), REFRESH_MS);
    return () => clearInterval(timer);
  }, [isAnyActive, recordings]);
  return (
    <ol class="recordings" aria-label="Recordings">
      {listed.map((recording) => (
        <Item key={recording.file} recording={recording} />
      ))}
    </ol>
  );
}

function Item({ recording }: { recording: Recording }) {
  const { sessions, link, dialogs, recordings, notices } = usePage();
  const { session: name, session_id: id, file, bytes, input } = recording;
  const begun = begunAt(recording);
  const stop = async () => {
    try {
      const { note } = await link.request('recording.stop', { session: id, file });
      if (note !== undefined) notices.show(note);
      await recordings.refresh();
    } catch (error) {
      notices.tellError(error);
    }
  };
  return (
    <li class="recording" data-active={isActive(recording)}>
      <a
        class="button primary recording-play"
        href={addressOfRecording(file)}
        aria-label={`Play ${name}, ${begun}`}
        onClick={() => dialogs.close()}
      >
        <Icon name="play" />
      </a>
      <div class="recording-facts">
        <p>
          {sessions.find(id) === undefined ? <strong>{name}</strong> : <a href={addressOf(id)}>{name}</a>}{' '}
          <span class="muted">{begun}</span>
        </p>
        <p class="muted">
          <Length recording={recording} /> · {sizeInWords(bytes)} · {endInWords(recording)}
          {input && ' · with what was typed'}
        </p>
        <p class="muted monospace">{file}</p>
      </div>
      {isActive(recording) && !link.isReadOnly.value && (
        <div class="recording-actions">
          <button
            type="button"
            class="button"
            onClick={() => dialogs.open({ kind: 'mark', session: { id, name } })}
          >
            Mark…
          </button>
          <button type="button" class="button" onClick={() => void stop()}>
            Stop
          </button>
        </div>
      )}
    </li>
  );
}

function Length({ recording }: { recording: Recording }) {
  const { sessions } = usePage();
  if (!isActive(recording)) return clock(recording.duration_ms);
  // By the clock of the daemon, which need not be the browser's.
  return clock(
    Math.max(
      recording.duration_ms,
      now.value - sessions.timeOfDate(recording.started_at, recording.session_id),
    ),
  );
}
