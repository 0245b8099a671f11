/** The terminal that a recording is played in: the one of this process. */

export class PlayerTerminal {
  readonly #process: Pick<NodeJS.Process, 'stdin' | 'stdout'>;
  readonly hasKeyboard: boolean;

  constructor(process: Pick<NodeJS.Process, 'stdin' | 'stdout'>) {
    this.#process = process;
    this.hasKeyboard = process.stdin.isTTY === true;
  }

  /** @param typed is called with what is typed */
  open(typed: (bytes: Buffer) => void): void {
    if (this.hasKeyboard) this.#process.stdin.setRawMode(true).on('data', typed);
  }

  write(text: string): void {
    this.#process.stdout.write(text);
  }

  get size(): { cols: number; rows: number } {
    const { columns, rows } = this.#process.stdout;
    return { cols: columns, rows };
  }

  onResize(listener: () => void): () => void {
    this.#process.stdout.on('resize', listener);
    return () => this.#process.stdout.off('resize', listener);
  }

  close(): void {
    if (this.hasKeyboard) this.#process.stdin.setRawMode(false).destroy();
  }
}
