/** Why a wait did not end as it was meant to: what there is instead, and what to try next. */
import type { ParsedParams, Result } from '@pilotty/protocol';
import { foregroundOf } from '../session/foreground.ts';
import type { Session } from '../session/session.ts';
import { type TerminalState, terminalState } from '../session/terminal-state.ts';
import { nearestLine } from './nearest-line.ts';

type Explanation = Partial<Result<'session.wait'>>;

export async function explainFailure(
  session: Session,
  params: ParsedParams<'session.wait'>,
): Promise<Explanation> {
  const { screen } = session;
  const nearest = params.text === undefined ? undefined : nearestLine(screen.rowTexts(), params.text);
  const seen = { screen: screen.text(), ...(nearest !== undefined && { nearest_line: nearest }) };
  const awaited = describe(params);
  if (session.isExited) {
    const next = `'pilotty output -s ${session.name}' shows all it printed.`;
    return { ...seen, note: `The program ended without showing ${awaited}. ${next}` };
  }
  const foreground = foregroundOf(session.pid);
  const terminal = await terminalState(session.terminalPath);
  const notes = [
    `After ${params.timeout_ms} ms there was no ${awaited}.`,
    ...(nearest === undefined ? [] : [`The nearest line is ${JSON.stringify(nearest.trim())}.`]),
    `The program last wrote ${session.outputIdleMs} ms ago${foreground ? `; '${foreground.argv.join(' ')}' has the keyboard` : ''}.`,
    nextStep(session, terminal),
  ];
  return {
    ...seen,
    last_output_ms: session.outputIdleMs,
    last_input_ms: session.inputIdleMs,
    foreground: foreground ?? null,
    ...(terminal && { terminal }),
    note: notes.join(' '),
  };
}

function describe({ text, regex }: ParsedParams<'session.wait'>): string {
  if (text !== undefined) return JSON.stringify(text);
  return regex !== undefined ? `/${regex}/` : 'end';
}

function nextStep({ name }: Session, terminal: TerminalState | undefined): string {
  if (terminal?.canonical && !terminal.echo) {
    return `What is typed is not shown: it seems to ask for a password; 'pilotty type -s ${name} --secret env:NAME --enter' answers.`;
  }
  return `Look with 'pilotty snapshot -s ${name} --format text', or give it longer with --timeout.`;
}
