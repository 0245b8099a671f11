/** When a program last announced what, for those who wait for it. */
import type { Signal } from '@pilotty/terminal';
import { nextMoment } from '../moment.ts';

export class SignalMoments {
  title: number | undefined;
  bell: number | undefined;

  note(signal: Signal): void {
    if (signal.type === 'title') this.title = nextMoment();
    else if (signal.type === 'bell') this.bell = nextMoment();
  }
}
