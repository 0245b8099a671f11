/** What holds a session up, in words, and the command that helps. */
import { howToLook } from '../session/how-to-look.ts';
import type { Session } from '../session/session.ts';
import type { TerminalUse } from '../session/terminal-use.ts';

/** Of a command, so that the sentence stays one. */
const LONGEST_COMMAND = 80;

export function explainStall(session: Session, use: TerminalUse): string {
  const { name, times } = session;
  const { foreground, terminal, stoppedJobs } = use;
  const look = `Look with ${howToLook(session)}, or give it longer with --timeout.`;
  const wrote = `last wrote ${duration(Math.round(times.outputIdleMs))} ago`;
  if (!foreground) return `The program ${wrote}. ${look}`;
  const program = quoted(isOwnShell(session, foreground) ? session.argv : foreground.argv);
  const keyboard = `${program} has the keyboard and ${wrote}.`;
  if (foreground.state === 'stopped')
    return `${program} has the keyboard and is stopped; 'pilotty signal CONT -s ${name}' continues it.`;
  if (terminal?.password_prompt)
    return `${keyboard} It asks for a password: echo is off. 'pilotty type -s ${name} --secret env:NAME --enter' answers.`;
  const [question] = session.questions.facts;
  if (question)
    return `${question.program ?? program} asks a person: ${JSON.stringify(question.prompt)}. It goes on once they have answered: 'pilotty answer -s ${name}' in a terminal of theirs, attach, or the page.`;
  const [job] = stoppedJobs;
  if (job)
    return `${keyboard} ${quoted(job.argv)} is stopped (Ctrl+Z); at a shell's prompt 'pilotty type -s ${name} fg --enter' continues it.`;
  if (hasUnsentLine(session, use))
    return `${keyboard} The typed line was not submitted; 'pilotty key -s ${name} Enter' submits it.`;
  if (session.commands.isAtPrompt) return `${keyboard} It is at its prompt. ${look}`;
  if (foreground.reading && terminal?.canonical)
    return `${keyboard} It waits for a line of input; 'pilotty type -s ${name} TEXT --enter' answers.`;
  if (foreground.state === 'running' || foreground.reading === false)
    return `${keyboard} It runs, and reads nothing now. ${look}`;
  return `${keyboard} ${look}`;
}

/** A shell with integration was started with more words than anybody asked for; what it becomes by an exec was not. */
function isOwnShell(
  { pid, argv, integratedShell }: Session,
  foreground: { pid: number; argv: string[] },
): boolean {
  return integratedShell !== undefined && foreground.pid === pid && foreground.argv[0] === argv[0];
}

/** A line editor or the terminal itself holds a line without Enter. */
function hasUnsentLine(
  { commands, unsubmittedInput }: Session,
  { foreground, terminal }: TerminalUse,
): boolean {
  const { typedTo } = unsubmittedInput;
  const isReadByLine = commands.isAtPrompt === true || terminal?.canonical === true;
  return isReadByLine && typedTo !== undefined && typedTo === foreground?.process_group;
}

function quoted(argv: readonly string[]): string {
  const command = argv.join(' ').replaceAll(/\s+/g, ' ');
  return `'${command.length > LONGEST_COMMAND ? `${command.slice(0, LONGEST_COMMAND)}…` : command}'`;
}

function duration(ms: number): string {
  return ms < 10_000 ? `${ms} ms` : `${Math.round(ms / 1000)} s`;
}
