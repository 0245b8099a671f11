/** What other tools call the things that pilotty does: tmux, screen, expect, playwright and the like. */

const COMMANDS: Readonly<Record<string, string>> = {
  'attach-session': "'pilotty attach -s NAME' joins a session with your own terminal",
  'capture-pane': "'pilotty snapshot -f text' prints the screen",
  capture: "'pilotty snapshot -f text' prints the screen",
  screen: "'pilotty snapshot -f text' prints the screen",
  screenshot: "'pilotty snapshot -f png > screen.png' makes a picture of the screen",
  view: "'pilotty snapshot -f text' prints the screen, 'pilotty serve' shows it in a browser",
  read: "'pilotty output' prints what the program has printed, 'pilotty snapshot -f text' its screen",
  cat: "'pilotty output' prints what the program has printed",
  history:
    "'pilotty output' prints what the program has printed, 'pilotty commands' lists the commands of a shell",
  new: "'pilotty spawn PROGRAM' starts one in a new session",
  'new-session': "'pilotty spawn PROGRAM' starts one in a new session",
  create: "'pilotty spawn PROGRAM' starts one in a new session",
  start: "'pilotty spawn PROGRAM' starts one in a new session",
  open: "'pilotty spawn PROGRAM' starts one in a new session",
  'send-keys': "'pilotty send WORDS' types text and presses keys, such as pilotty send 'make test' Enter",
  'send-text': "'pilotty type TEXT' types text",
  write: "'pilotty type TEXT' types text",
  input: "'pilotty type TEXT' types text, 'pilotty key KEYS' presses keys, 'pilotty send WORDS' both",
  press: "'pilotty key KEYS' presses keys",
  keys: "'pilotty key KEYS' presses keys",
  enter: "'pilotty key Enter' presses it",
  expect: "'pilotty wait-for TEXT' waits until the screen shows it",
  'wait-text': "'pilotty wait-for TEXT' waits until the screen shows it",
  sleep: "'pilotty wait --idle 1s' waits until nothing is printed any more",
  list: "'pilotty list-sessions' lists them",
  'list-windows': "'pilotty list-sessions' lists them",
  sessions: "'pilotty list-sessions' lists them",
  close: "'pilotty kill -s NAME' ends a session",
  end: "'pilotty kill -s NAME' ends a session",
  exit: "'pilotty kill -s NAME' ends a session, 'pilotty stop' the daemon with all of them",
  'kill-session': "'pilotty kill -s NAME' ends a session",
  'kill-server': "'pilotty stop' ends the daemon with all sessions",
  shutdown: "'pilotty stop' ends the daemon with all sessions",
  search: "'pilotty grep PATTERN' searches what sessions have printed",
  find: "'pilotty grep PATTERN' searches what sessions have printed",
  agent: "'pilotty help agents' is all that an AI agent needs, on a page",
  usage: "'pilotty help agents' is all that an AI agent needs, on a page",
  skills: "'pilotty skill' prints what an AI agent must know, 'pilotty skill --install claude' installs it",
  completions: "'pilotty completion bash' prints the completion of a shell",
  version: "'pilotty --version' shows the version",
  '-v': "'pilotty --version' shows the version",
};

/** A sentence that leads to our command. */
export function oursForCommand(word: string): string | undefined {
  const found = Object.hasOwn(COMMANDS, word) ? COMMANDS[word] : undefined;
  return found === undefined ? undefined : `${found.charAt(0).toUpperCase()}${found.slice(1)}.`;
}
