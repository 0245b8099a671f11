/** The parts of a session that know by themselves what they pass on, and go on with what they were passed. */
import type { ElementTracker } from '@pilotty/terminal';
import type { FirstPlaces } from '../input/first-places.ts';
import type { Acts } from '../input/input-history.ts';
import type { UnsubmittedInput } from '../input/unsubmitted-input.ts';
import type { Retention } from '../pty/retention.ts';
import type { Times } from '../times.ts';
import type { Attachments } from './attachments.ts';
import type { CommandLog } from './command-log.ts';
import type { DrawingFaults } from './drawing-faults.ts';
import type { Keyboard } from './keyboard.ts';
import type { PastEnds } from './past-ends.ts';
import type { Restarts } from './restarts.ts';
import type { ScreenHistory } from './screen-history.ts';
import type { SessionClock } from './session-clock.ts';
import type { SessionState } from './session-state.ts';
import type { SignalMoments } from './signal-moments.ts';
import type { WorkRecord } from './work-record.ts';

/** Of a session. */
interface Parts {
  readonly retention: Retention;
  readonly history: ScreenHistory;
  readonly times: Times;
  readonly elements: ElementTracker;
  readonly unsubmittedInput: UnsubmittedInput;
  readonly signals: SignalMoments;
  readonly work: WorkRecord;
  readonly acts: Acts;
  readonly firstPlaces: FirstPlaces;
  readonly commands: CommandLog;
  readonly pastEnds: PastEnds;
  readonly attachments: Attachments;
  readonly keyboard: Keyboard;
  readonly drawingFaults: DrawingFaults;
  readonly clock: SessionClock;
  readonly restarts: Restarts;
}

/** What Session itself passes on. */
type OwnState = 'options' | 'createdAtMs' | 'screen' | 'revisions' | 'seq' | 'run';

export function stateOfParts(session: Parts): Omit<SessionState, OwnState> {
  return {
    retention: session.retention.state,
    history: session.history.state,
    times: session.times.state,
    elements: session.elements.state,
    unsubmittedInput: session.unsubmittedInput.state,
    signals: { ...session.signals },
    work: session.work.state,
    acts: session.acts.state,
    firstPlaces: session.firstPlaces.state,
    commands: session.commands.state,
    pastEnds: session.pastEnds.state,
    attachments: session.attachments.state,
    keyboard: session.keyboard.state,
    drawingFaults: session.drawingFaults.state,
    lastClockMs: session.clock.lastMs,
    policyRestarts: session.restarts.state,
  };
}

/** @param hasProgram its program runs, or is to be started again: then people are attached to it */
export function adoptParts(session: Parts, state: SessionState, hasProgram: boolean): void {
  session.retention.adopt(state.retention);
  session.history.adopt(state.history);
  session.times.adopt(state.times);
  session.elements.adopt(state.elements);
  session.unsubmittedInput.adopt(state.unsubmittedInput);
  Object.assign(session.signals, state.signals);
  if (state.work) session.work.adopt(state.work);
  session.acts.adopt(state.acts);
  session.firstPlaces.adopt(state.firstPlaces);
  session.commands.adopt(state.commands);
  session.pastEnds.adopt(state.pastEnds);
  if (hasProgram) session.attachments.adopt(state.attachments);
  session.keyboard.adopt(state.keyboard);
  session.drawingFaults.adopt(state.drawingFaults);
  session.clock.adopt(state.lastClockMs);
  session.restarts.adopt(state.policyRestarts);
}
