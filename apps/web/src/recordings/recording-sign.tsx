/** Says that what a session prints is written into a file. */
import { usePage } from '../page.ts';

export function RecordingSign({ id }: { id: string }) {
  if (!usePage().recordings.isRecorded(id)) return null;
  return (
    <span class="recording-sign" title="It is being recorded">
      <span class="for-screen-readers">is being recorded</span>
      <span aria-hidden="true">REC</span>
    </span>
  );
}
