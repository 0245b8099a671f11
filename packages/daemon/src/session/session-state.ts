/** All there is of a session, for a daemon that goes on with it: plain values, so that another version can read them. */
import type { ElementTracker, PassedScreen } from '@pilotty/terminal';
import type { FirstPlacesState } from '../input/first-places.ts';
import type { ActsState } from '../input/input-history.ts';
import type { UnsubmittedInputState } from '../input/unsubmitted-input.ts';
import type { RetentionState } from '../pty/retention.ts';
import type { TimesState } from '../times.ts';
import type { AttachmentsState } from './attachments.ts';
import type { CommandLogState } from './command-log.ts';
import type { DrawingFaults } from './drawing-faults.ts';
import type { Keyboard } from './keyboard.ts';
import type { PastEnds } from './past-ends.ts';
import type { RestartsState } from './restarts.ts';
import type { Revisions } from './revisions.ts';
import type { RunState } from './run.ts';
import type { ScreenHistoryState } from './screen-history.ts';
import type { SessionOptions } from './session-options.ts';
import type { SignalMoments } from './signal-moments.ts';
import type { WorkRecordState } from './work-record.ts';

export interface SessionState {
  /** As it is called, tagged and sized now. */
  options: Omit<SessionOptions, 'journal' | 'history' | 'faults' | 'onFault'>;
  createdAtMs: number;
  screen: PassedScreen;
  retention: RetentionState;
  history: ScreenHistoryState;
  times: TimesState;
  elements: ElementTracker['state'];
  unsubmittedInput: UnsubmittedInputState;
  signals: Pick<SignalMoments, 'title' | 'bell'>;
  /** Absent where an older version hands over: its programs cannot set their state. */
  work?: WorkRecordState;
  acts: ActsState;
  firstPlaces: FirstPlacesState;
  commands: CommandLogState;
  pastEnds: PastEnds['state'];
  /** Also of those who only look. */
  attachments: AttachmentsState;
  keyboard: Keyboard['state'];
  revisions: Revisions['state'];
  drawingFaults: DrawingFaults['state'];
  seq: number;
  /** Since 1970. */
  lastClockMs: number;
  run: RunState;
  /** Of one with a restart policy. */
  policyRestarts?: RestartsState | undefined;
}
