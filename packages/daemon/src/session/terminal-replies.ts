/** Answers of the terminal to its program, which go to it like input; those of a program that reads none are dropped. */
import { MAX_QUEUED_REPLY_BYTES } from '../limits.ts';
import type { ProgramTerminal } from '../pty/faulty-pty.ts';

export class TerminalReplies {
  readonly #pty: Pick<ProgramTerminal, 'write'>;
  readonly #isSilent: boolean;
  #queuedBytes = 0;
  #droppedBytes = 0;

  /** @param options isSilent: nothing is answered */
  constructor(pty: Pick<ProgramTerminal, 'write'>, { isSilent }: { isSilent: boolean }) {
    this.#pty = pty;
    this.#isSilent = isSilent;
  }

  /** Of answers that were not sent. */
  get droppedBytes(): number {
    return this.#droppedBytes;
  }

  send(replies: Uint8Array): void {
    if (this.#isSilent) return;
    if (this.#queuedBytes + replies.length > MAX_QUEUED_REPLY_BYTES) {
      this.#droppedBytes += replies.length;
      return;
    }
    this.#queuedBytes += replies.length;
    void this.#pty.write(replies).written.then(() => {
      this.#queuedBytes -= replies.length;
    });
  }
}
