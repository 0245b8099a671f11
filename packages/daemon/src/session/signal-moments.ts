/** When a program last announced what, for those who wait for it. */
import type { Signal } from '@pilotty/terminal';
import { nextMoment } from '../moment.ts';

export class SignalMoments {
  title: number | undefined;
  bell: number | undefined;
  /** A shell said that a command ended. */
  commandFinished: number | undefined;
  /** A shell's last word on its prompt; undefined as long as it has said nothing. */
  prompt: { isThere: boolean; since: number } | undefined;

  note(signal: Signal): void {
    const now = nextMoment();
    if (signal.type === 'title') this.title = now;
    else if (signal.type === 'bell') this.bell = now;
    else if (signal.type === 'mark') {
      if (signal.mark === 'finished') this.commandFinished = now;
      else if (signal.mark === 'prompt') this.prompt = { isThere: true, since: now };
      else if (signal.mark === 'output') this.prompt = { isThere: false, since: now };
    }
  }
}
