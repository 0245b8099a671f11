/** What is wrong with a recording, or with what is asked of it; the command makes an error of its own of it. */
export class ReplayError extends Error {
  override readonly name = 'ReplayError';
  readonly suggestion: string;

  constructor(message: string, suggestion: string) {
    super(message);
    this.suggestion = suggestion;
  }
}
