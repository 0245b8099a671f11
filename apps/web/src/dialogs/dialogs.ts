/** Which dialog is open: one at a time, above everything else. */
import { signal } from '@preact/signals';
import type { Session } from '../sessions/session.ts';

export type SessionName = Pick<Session, 'id' | 'name'>;
export type RecordingDialogKind = 'recordings' | 'record' | 'mark';

export type OpenDialog =
  | { kind: 'new' }
  | { kind: 'rename'; session: Session }
  | { kind: 'tags'; session: Session }
  | { kind: 'tag-many'; sessions: readonly Session[] }
  | { kind: RecordingDialogKind; session: SessionName }
  | { kind: 'settings' }
  | { kind: 'palette' }
  | { kind: 'help' };

export class Dialogs {
  readonly shown = signal<OpenDialog | undefined>(undefined);

  open(dialog: OpenDialog): void {
    this.shown.value = dialog;
  }

  close(): void {
    this.shown.value = undefined;
  }
}
