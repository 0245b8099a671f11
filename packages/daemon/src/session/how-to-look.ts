/** The command that shows what a session has printed, for a suggestion: whoever has a screen is looked at there. */
import type { Session } from './session.ts';

export function howToLook({ name, isPipe }: Pick<Session, 'name' | 'isPipe'>): string {
  return isPipe ? `'pilotty output -s ${name}'` : `'pilotty snapshot -s ${name} --format text'`;
}
