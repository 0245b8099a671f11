/** Why a wait failed: the state there is, and what to try next. */
import type { Result } from '@pilotty/protocol';
import { screenState } from '../session/screen-state.ts';
import type { Session } from '../session/session.ts';
import { terminalUse } from '../session/terminal-use.ts';
import type { KnownState } from '../session/work-record.ts';
import type { Awaited, ConditionName } from './condition.ts';
import { explainStall } from './explain-stall.ts';
import { inputTaken } from './input-taken.ts';
import { nearestLine } from './nearest-line.ts';
import { isPromptSign } from './prompt-sign.ts';
import { workStateOf } from './work-state.ts';

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
  const seen = {
    // A program without a terminal has none.
    ...(!session.isPipe && { screen: screenState(session, session.isExited ? 'exited' : 'deadline') }),
    ...(nearest !== undefined && { nearest_line: nearest }),
  };
  const wanted = missing.map((name) => inWords(name, awaited)).join(awaited.any ? ' or ' : ' and ');
  if (session.isExited) {
    const next = `'pilotty output -s ${session.name}' shows all it printed.`;
    return { ...seen, note: `The program ended before there was ${wanted}. ${next}` };
  }
  const use = await terminalUse(session);
  const notes = [
    `Timed out after ${awaited.timeout_ms} ms waiting for ${wanted}.`,
    ...impossibleReasons(session, awaited, missing),
    ...(missing.includes('state') ? [stateInWords(workStateOf(session).known)] : []),
    ...(nearest === undefined ? [] : [`The nearest line is ${JSON.stringify(nearest.trim())}.`]),
    missing.includes('prompt') && commands.isAtPrompt
      ? `It is still at the prompt at which the input was submitted, as with an open quote; 'pilotty snapshot -s ${session.name} -f text' shows it.`
      : explainStall(session, use),
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
    [given ?? []]
      .flat()
      .map(quote)
      .join(awaited.any ? ' or ' : ' and ');
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
      return `a screen without changes for ${awaited.settle_ms} ms`;
    case 'idle':
      return `${awaited.idle_ms} ms without output and input`;
    case 'exit':
      return 'the program to end';
    case 'prompt':
      return 'a prompt';
    case 'reads':
      return 'a program that reads input';
    case 'password':
      return 'a password prompt';
    case 'cursor':
      return `the cursor in row ${awaited.cursor?.row}${awaited.cursor?.col === undefined ? '' : `, column ${awaited.cursor.col}`}`;
    case 'title':
      return `a title with ${json(awaited.title ?? '')}`;
    case 'bell':
      return 'a bell';
    case 'command_finished':
      return 'a shell command to finish';
    case 'state':
      return `the state ${[awaited.state ?? []].flat().join(' or ')}`;
  }
}

function stateInWords(state: KnownState | undefined): string {
  return state === undefined
    ? 'What it is doing cannot be known: what it waits for is not on this machine, or the kernel does not say.'
    : `Its state is ${state.name} (why: ${state.why}).`;
}

/** What no longer wait would have brought. */
function impossibleReasons(session: Session, awaited: Awaited, missing: readonly ConditionName[]): string[] {
  const { screen, commands } = session;
  const why: string[] = [];
  if (isOnScreen(session, awaited, missing)) why.push(whyNoAnswer(session, awaited));
  const dropped = session.retention.start - (session.acts.last.outputOffset ?? session.retention.totalBytes);
  if (dropped > 0 && (missing.includes('text') || missing.includes('regex')))
    why.push(`The first ${dropped} bytes printed since the last input are no longer retained.`);
  if (missing.includes('text') && [awaited.text ?? []].flat().some(isPromptSign))
    why.push("'pilotty wait --prompt' waits for a prompt, whatever it ends in.");
  if (missing.includes('prompt') && screen.alternateScreen)
    why.push('A full-screen program has no prompt; wait for a text, or until the screen settles.');
  if (missing.includes('command_finished') && commands.isAtPrompt === undefined) {
    why.push(
      'This program emits no marks for commands, as a bash, zsh, fish or pwsh spawned with no options but -i and -l does; wait for the prompt or a text.',
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
    return 'It is on the screen, but the program has not processed the last input: it has printed nothing since, and does not read.';
  const seen = 'It is on the screen only as typed input, or from before the last input';
  return awaited.new
    ? `${seen}, and only what is new counts; without --new, 'pilotty wait-for -s ${name} TEXT', text from before counts too.`
    : `${seen} above the submitted line; neither counts as an answer.`;
}
