/** Why a wait did not end as it was meant to: what there is instead, and what to try next. */
import type { Result } from '@pilotty/protocol';
import type { Session } from '../session/session.ts';
import { terminalUse } from '../session/terminal-use.ts';
import type { Awaited, ConditionName } from './condition.ts';
import { describeHoldUp } from './hold-up.ts';
import { inputTaken } from './input-taken.ts';
import { nearestLine } from './nearest-line.ts';
import { isPromptSign } from './prompt-sign.ts';

type Explanation = Partial<Result<'session.wait'>>;

export async function explainFailure(
  session: Session,
  awaited: Awaited & { timeout_ms: number },
  missing: readonly ConditionName[],
): Promise<Explanation> {
  const { screen, commands } = session;
  const [text] = [awaited.text ?? []].flat();
  const nearest =
    text === undefined || !missing.includes('text') ? undefined : nearestLine(screen.rowTexts(), text);
  const seen = { screen: screen.text(), ...(nearest !== undefined && { nearest_line: nearest }) };
  const wanted = missing.map((name) => inWords(name, awaited)).join(awaited.any ? ' or ' : ' and ');
  if (session.isExited) {
    const next = `'pilotty output -s ${session.name}' shows all it printed.`;
    return { ...seen, note: `The program ended, and there was not ${wanted}. ${next}` };
  }
  const use = await terminalUse(session);
  const notes = [
    `After ${awaited.timeout_ms} ms there was not ${wanted}.`,
    ...whyNever(session, awaited, missing),
    ...(nearest === undefined ? [] : [`The nearest line is ${JSON.stringify(nearest.trim())}.`]),
    missing.includes('prompt') && commands.isAtPrompt
      ? `It is still at the prompt at which the input was sent off, as with an open quote; 'pilotty snapshot -s ${session.name} -f text' shows it.`
      : describeHoldUp(session, use),
  ];
  return {
    ...seen,
    last_output_ms: Math.round(session.times.outputIdleMs),
    last_input_ms: Math.round(session.times.inputIdleMs),
    foreground: use.foreground,
    ...(use.terminal && { terminal: use.terminal }),
    note: notes.join(' '),
  };
}

function inWords(name: ConditionName, awaited: Awaited): string {
  const quoted = (given: string | string[] | undefined, quote: (word: string) => string) =>
    [given ?? []].flat().map(quote).join(' and ');
  const json = (word: string) => JSON.stringify(word);
  const slashes = (word: string) => `/${word}/`;
  switch (name) {
    case 'text':
      return quoted(awaited.text, json);
    case 'regex':
      return quoted(awaited.regex, slashes);
    case 'gone':
      return `a screen without ${quoted(awaited.gone, json)}`;
    case 'gone_regex':
      return `a screen without ${quoted(awaited.gone_regex, slashes)}`;
    case 'change':
      return 'a change of the screen';
    case 'settle':
      return `a screen that is still for ${awaited.settle_ms} ms`;
    case 'idle':
      return `silence for ${awaited.idle_ms} ms`;
    case 'exit':
      return 'an end';
    case 'prompt':
      return 'a prompt';
    case 'reads':
      return 'a program that waits for input';
    case 'password':
      return 'a question for a password';
    case 'cursor':
      return `the cursor in row ${awaited.cursor?.row}${awaited.cursor?.col === undefined ? '' : `, column ${awaited.cursor.col}`}`;
    case 'title':
      return `a title with ${json(awaited.title ?? '')}`;
    case 'bell':
      return 'a bell';
    case 'command_finished':
      return "the shell's word that a command ended";
  }
}

/** What no longer wait would have brought. */
function whyNever(session: Session, awaited: Awaited, missing: readonly ConditionName[]): string[] {
  const { screen, commands } = session;
  const why: string[] = [];
  if (isOnScreen(session, awaited, missing)) why.push(whyNoAnswer(session, awaited));
  const dropped = session.retention.start - (session.acts.last.outputOffset ?? session.retention.totalBytes);
  if (dropped > 0 && (missing.includes('text') || missing.includes('regex')))
    why.push(`Of what it has printed since the last input the first ${dropped} bytes are no longer kept.`);
  if (missing.includes('text') && [awaited.text ?? []].flat().some(isPromptSign))
    why.push("'pilotty wait --prompt' waits for a prompt, whatever it ends in.");
  if (missing.includes('prompt') && screen.alternateScreen)
    why.push('A full-screen program has no prompt; wait for a text, or until the screen settles.');
  if (missing.includes('command_finished') && commands.isAtPrompt === undefined) {
    why.push(
      'Nothing here marks its commands, as a bash, zsh or fish does that is spawned with no options but -i and -l; wait for the prompt or a text.',
    );
  }
  return why;
}

/** What was waited for can be seen, and only does not count. */
function isOnScreen({ screen }: Session, { text }: Awaited, missing: readonly ConditionName[]): boolean {
  if (text === undefined || !missing.includes('text')) return false;
  const shown = screen.text();
  return [text].flat().every((one) => shown.includes(one.trimEnd()));
}

function whyNoAnswer(session: Session, awaited: Awaited): string {
  const { acts, name } = session;
  if (!awaited.new && !('holds' in inputTaken(session, acts.last)()))
    return 'It stands on the screen, but the program has not taken the last input: it does not wait for more.';
  const seen = 'It stands on the screen as what was typed, or since before the last input';
  return awaited.new
    ? `${seen}, and only what is new counts; without --new, 'pilotty wait-for -s ${name} TEXT', text from before counts too.`
    : `${seen} above what was sent off then; neither is an answer to it.`;
}
