/** What is loaded together when recordings are first looked at; a terminal is loaded when one is played. */
import './recordings.css';

export { Player } from './player.tsx';
export { RecordingDialog } from './recording-dialog.tsx';
export { RecordingsPage } from './recordings-page.tsx';
