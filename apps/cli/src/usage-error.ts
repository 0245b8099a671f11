import type { ErrorBody } from '@pilotty/client';

export const USAGE_EXIT_CODE = 2;

/** The command line itself was wrong: nothing was asked of the daemon. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly suggestion: string | undefined;

  constructor(message: string, suggestion?: string) {
    super(message);
    this.suggestion = suggestion;
  }

  toBody(help: string): ErrorBody {
    const seeHelp = `See '${help}'.`;
    const suggestion = this.suggestion === undefined ? seeHelp : `${this.suggestion} ${seeHelp}`;
    return { code: 'INVALID_INPUT', message: this.message, suggestion };
  }
}
