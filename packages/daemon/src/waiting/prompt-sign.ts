/**
 * A text that is nothing but the sign a prompt ends in. Scripts wait for '$' and mean the prompt of whatever shell
 * runs, which ends in '#' for root, '%' in zsh and '>' in fish: so it stands for the prompt of a shell, by whichever
 * sign, and the match has the actual sign.
 */
import type { InputMark } from '../input/input-mark.ts';
import { SHELL_PROMPT_END } from '../input/prompt-text.ts';
import { placeBeforeCursor } from '../search/line-search.ts';
import type { Session } from '../session/session.ts';
import { atPrompt } from './prompt.ts';
import type { Answer, Holding } from './wait.ts';

const SIGN = /^[$#%>] ?$/;

export function isPromptSign(text: string): boolean {
  return SIGN.test(text);
}

/** A shell stands at its prompt, and not at the one at which the input was sent off. */
export function atShellPrompt(session: Session, input: InputMark): () => Answer<Holding> {
  const ask = atPrompt(session, input);
  return () => {
    const sign = SHELL_PROMPT_END.exec(session.screen.textBeforeCursor)?.[1];
    if (sign === undefined) return {};
    const answer = ask();
    if (!('holds' in answer)) return answer;
    const place = placeBeforeCursor(session, sign);
    const lineText = session.screen.rowTexts()[place.row] ?? sign;
    const match = { text: sign, ...place, line: session.screen.topLine + place.row, lineText, groups: [] };
    return { holds: { since: answer.holds.since, match } };
  };
}
