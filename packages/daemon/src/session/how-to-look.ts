/** The command that shows what a session has printed, for a suggestion: whoever has a screen is looked at there. */
export interface LookedAt {
  readonly name: string;
  readonly isPipe: boolean;
}

export function howToLook({ name, isPipe }: LookedAt): string {
  return isPipe ? `'pilotty output -s ${name}'` : `'pilotty snapshot -s ${name} --format text'`;
}
