/** Where a recording is played: the caller has the terminal, and knows how to leave it as it was found. */
export interface PlayerTerminal {
  /** Keys come from it. */
  readonly hasKeyboard: boolean;
  readonly size: { cols: number; rows: number };
  /** Ours from now on. */
  enter(use: PlayerUse): Promise<void>;
  write(text: string): void;
  /** Stops the process, as Ctrl+Z does; `lost` is called when it goes on. */
  suspend(): void;
  /** As it was found. */
  leave(): void;
}

export interface PlayerUse {
  /** Written when the terminal becomes ours. */
  entering: string;
  /** Undoes that. */
  leaving(): string;
  /** Undoes it where we can no longer do it ourselves. */
  rescue: string;
  typed(bytes: Uint8Array): void;
  /** Nothing of what was drawn may be there any more. */
  lost(): void;
  /** Nothing more will be typed. */
  closed(): void;
}
