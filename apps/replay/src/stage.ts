/** A screen on which a recording is drawn, event by event. */
import { type CastEvent, type CastHeader, sizeOf } from '@pilotty/asciicast';
import { Screen } from '@pilotty/terminal';

const SCROLLBACK = 1000;

export class Stage {
  readonly screen: Screen;
  readonly #encoder = new TextEncoder();

  constructor({ cols, rows, term = 'xterm-256color' }: CastHeader) {
    this.screen = new Screen({ cols: Math.max(2, cols), rows, scrollback: SCROLLBACK, term });
  }

  /** @returns whether it may have changed what is shown */
  apply({ code, data }: CastEvent): boolean {
    if (code === 'o') this.screen.write(this.#encoder.encode(data));
    else if (code === 'r') this.#resize(data);
    else return false;
    // Nobody answers the program, or listens to it.
    this.screen.takeReplies();
    this.screen.takeSignals();
    return true;
  }

  #resize(data: string): void {
    const { cols, rows } = sizeOf(data);
    this.screen.resize(Math.max(2, cols), rows);
  }
}
