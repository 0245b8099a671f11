/** Options that other commands of ours, or other tools, have for the same thing. */

/** By command and option, both as they were written. */
const OPTIONS: Readonly<Record<string, string>> = {
  'spawn -s': "'--name NAME' names the new session",
  'spawn -n': "'--name NAME' names the new session",
  'spawn --session': "'--name NAME' names the new session",
  'run -s': "'--name NAME' names the session",
  'run -n': "'--name NAME' names the session",
  'run --session': "'--name NAME' names the session",
  'stop -s': "'pilotty kill -s NAME' ends one session",
  'stop --session': "'pilotty kill -s NAME' ends one session",
  'snapshot --text': "'--format text', or '-f text', prints text",
  'snapshot --png': "'--format png' makes a picture",
  'snapshot --plain': "'--format text', or '-f text', prints text",
  'wait-for --exit': "'pilotty wait --exit' waits for the end of the program",
};

/** A sentence that leads to our option. */
export function oursForOption(command: string, option: string): string | undefined {
  const key = `${command} ${option}`;
  return Object.hasOwn(OPTIONS, key) ? `${OPTIONS[key]}.` : undefined;
}
