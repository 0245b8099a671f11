/** The parts of a session that know by themselves what they pass on, and go on with what they were passed. */
import type { Session } from './session.ts';
import type { SessionState } from './session-state.ts';

/** What Session itself passes on. */
type OwnState = 'options' | 'createdAtMs' | 'screen' | 'revisions' | 'seq' | 'run';

export function stateOfParts(session: Session): Omit<SessionState, OwnState> {
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
export function adoptParts(session: Session, state: SessionState, hasProgram: boolean): void {
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
