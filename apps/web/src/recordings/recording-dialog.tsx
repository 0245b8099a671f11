/** The recordings of one session: listed, begun, marked. What writes is asked for in a form of its own. */
import { Dialog } from '../dialogs/dialog.tsx';
import type { RecordingDialogKind, SessionName } from '../dialogs/dialogs.ts';
import { Field, Form, text } from '../dialogs/form.tsx';
import { usePage } from '../page.ts';
import { RECORDINGS } from '../route.ts';
import { clock } from './facts.ts';
import { RecordingList } from './recording-list.tsx';

export function RecordingDialog({ kind, session }: { kind: RecordingDialogKind; session: SessionName }) {
  if (kind === 'record') return <Record session={session} />;
  if (kind === 'mark') return <Mark session={session} />;
  return <RecordingsOf session={session} />;
}

function RecordingsOf({ session }: { session: SessionName }) {
  const { recordings, sessions, dialogs, link } = usePage();
  const listed = recordings.of(session.id);
  const mayRecord = sessions.find(session.id)?.state === 'running' && !link.isReadOnly.value;
  return (
    <Dialog title={`Recordings of ${session.name}`} class="wide">
      {listed.length === 0 ? <p class="muted">There are none.</p> : <RecordingList recordings={listed} />}
      <footer class="form-foot">
        <a class="button quiet" href={RECORDINGS} onClick={() => dialogs.close()}>
          All recordings
        </a>
        {mayRecord && (
          <button
            type="button"
            class="button primary"
            onClick={() => dialogs.open({ kind: 'record', session })}
          >
            Record…
          </button>
        )}
      </footer>
    </Dialog>
  );
}

function Record({ session }: { session: SessionName }) {
  const { link, recordings, notices } = usePage();
  async function start(fields: FormData): Promise<void> {
    const file = text(fields, 'file');
    const { recording } = await link.request('recording.start', {
      session: session.id,
      input: fields.has('input'),
      ...(file !== undefined && { file }),
    });
    notices.show(`${session.name} is recorded into ${recording.file}.`);
    await recordings.refresh();
  }
  return (
    <Dialog title={`Record ${session.name}`}>
      <Form action="Record" submit={start}>
        <p class="muted">
          What it prints from now on is written into a new file where the daemon runs, until you stop it or
          the program ends.
        </p>
        <Field
          name="file"
          label="File"
          placeholder="one in the directory for recordings"
          hint="An absolute path; a file that exists is not overwritten."
          autofocus
        />
        <label class="choice">
          <input type="checkbox" name="input" />
          Also what is typed, but no secrets
        </label>
      </Form>
    </Dialog>
  );
}

function Mark({ session }: { session: SessionName }) {
  const { link, notices } = usePage();
  async function mark(fields: FormData): Promise<void> {
    const label = text(fields, 'label') ?? '';
    const { marks } = await link.request('recording.mark', { session: session.id, label });
    notices.show(`Marked at ${marks.map(({ at_ms: atMs }) => clock(atMs)).join(' and ')}.`);
  }
  return (
    <Dialog title={`Mark this moment of ${session.name}`}>
      <Form action="Mark" submit={mark}>
        <Field name="label" label="Label" placeholder="tests begin" autofocus />
      </Form>
    </Dialog>
  );
}
