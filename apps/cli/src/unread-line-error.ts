import type * as commander from 'commander';

/** What an error suggests. */
export interface Guidance {
  /** Where an option is unknown and resembles none. */
  hint: string;
  /** Where an argument is missing. */
  example?: string | undefined;
}

/** Words that the parser did not take; `explain-mistake.ts` says what is wrong with them. */
export class UnreadLineError extends Error {
  override readonly name = 'UnreadLineError';
  override readonly cause: commander.CommanderError;
  readonly parser: commander.Command;
  readonly guidance: Guidance;

  constructor(cause: commander.CommanderError, parser: commander.Command, guidance: Guidance) {
    super(cause.message);
    this.cause = cause;
    this.parser = parser;
    this.guidance = guidance;
  }
}
