/** What past screens are drawn with: one at a time, however many are asked for, in turn with the sessions that run. */
import type { Scheduler } from '../pty/scheduler.ts';
import { TurnLock } from '../turn-lock.ts';

export class PastScreens {
  readonly scheduler: Scheduler;
  readonly lock = new TurnLock();

  constructor(scheduler: Scheduler) {
    this.scheduler = scheduler;
  }
}
