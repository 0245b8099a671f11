/**
 * docs/troubleshooting.md: what each error means, from the table of errors, and below it why it happens and what helps.
 * The compiler demands an entry for every code; tests/architecture/reference.test.ts compares the page, and `npm run fix`
 * writes it again.
 */
import { exitCodeTable } from '../apps/cli/src/exit-code-table.ts';
import { type ErrorCode, errors } from '../packages/protocol/src/index.ts';

/** Why it happens, and what helps then. */
type Cause = readonly [cause: string, remedy: string];

const CAUSES: Readonly<Record<ErrorCode, readonly Cause[]>> = {
  SESSION_NOT_FOUND: [
    [
      'The name is misspelled, or no session was started.',
      '`pilotty ls --all` lists them; `pilotty spawn` starts one.',
    ],
    [
      'It ended more than ten minutes ago, or its daemon stopped.',
      'Read results sooner, or let the daemon remember longer: `PILOTTY_REMEMBER=2h` when it starts.',
    ],
    [
      'The command talks to another daemon: `PILOTTY_SOCKET_DIR`, `XDG_RUNTIME_DIR` or the user differs (cron, sudo, a container).',
      '`pilotty info` shows the socket; set `PILOTTY_SOCKET_DIR` to the same directory in both places.',
    ],
  ],
  RULE_NOT_FOUND: [
    [
      'It was removed, or it fired, once, and a hundred others have since.',
      '`pilotty on --list` has those there are; `pilotty events --past --type rule` what they did.',
    ],
    [
      'The daemon was restarted, and the rule was not kept: `--ephemeral`, or `PILOTTY_RESTORE=off`.',
      'Make it again.',
    ],
  ],
  SESSION_EXISTS: [
    [
      'A session of an earlier run is still there.',
      '`pilotty kill -s NAME` first, or another name; `spawn --owner-pid $$` ends a session with the script that started it.',
    ],
  ],
  SESSION_EXITED: [
    [
      'The program ended by itself, often at once because of a wrong argument.',
      '`pilotty output -s NAME --tail 20` shows its last words, `pilotty status -s NAME` its exit code.',
    ],
    [
      'A deadline ended it: `--ttl`, `--idle-ttl` or `--owner-pid`.',
      '`exit` of `pilotty status` says so; give it longer, or leave the option out.',
    ],
  ],
  INVALID_NAME: [
    [
      'The name is empty, a path, longer than 64 characters, or has control characters.',
      'See [sessions.md](sessions.md): other characters become `-`.',
    ],
  ],
  INVALID_INPUT: [
    [
      'A misspelled option, or one of another command.',
      'The message names it and suggests the nearest; `pilotty COMMAND --help` lists all.',
    ],
    ['A text that begins with `-` was read as an option.', "Put `--` before it: `pilotty type -- '-x'`."],
    ['A bare number where seconds were meant: `-t 30` is 30 ms.', 'Write units: `-t 30s`.'],
    [
      'Bytes that are not UTF-8, in an argument or a variable.',
      'See [which-command.md](which-command.md#bytes-that-are-not-utf-8).',
    ],
  ],
  INVALID_KEY: [
    [
      'The name of the key is not known.',
      '[keys.md](keys.md) lists all; text goes with `pilotty type`, or with `send --literal`.',
    ],
    [
      'The terminal has no bytes for it: `Ctrl+Enter` looks like `Enter` unless the program has enabled a keyboard protocol.',
      'Use another key of the program.',
    ],
  ],
  UNAVAILABLE: [
    [
      '`exec`: the session is not at a free prompt: a command still runs, or a full-screen program does.',
      '`pilotty exec --wait` waits for the running one; `pilotty key Ctrl+C` interrupts; `type` and `send` work with any program.',
    ],
    [
      'What was asked for is no longer retained, or was never there: an old command, a `--since` revision.',
      'Ask for a newer one, or let more be kept: `spawn --retain-bytes`, `spawn --scrollback`.',
    ],
    ['Output of pilotty cannot be written: a full disk.', 'Make room, or write elsewhere.'],
  ],
  SPAWN_FAILED: [
    [
      'The program is not on the PATH of the command that starts it.',
      '`command -v PROGRAM` in the same shell; give the whole path otherwise.',
    ],
    [
      'A line for a shell was given as one word: `spawn "npm run dev"`.',
      "Words are not split: `spawn npm run dev`, or `spawn sh -c 'npm run dev | tee log'`.",
    ],
    ['The file is not executable, or `--cwd` is no directory.', '`chmod +x FILE`; check the directory.'],
  ],
  LIMIT_REACHED: [
    [
      'Sessions were left running.',
      "`pilotty ls`; `pilotty kill -s 'old-*'` or `pilotty gc --idle 1h`; `spawn --idle-ttl` keeps it from happening again.",
    ],
    [
      'A program does not read its input.',
      '`pilotty status` shows who has the terminal and whether it reads; see [limits.md](limits.md).',
    ],
  ],
  TIMEOUT: [
    [
      'The text never came: a typo in it, another language, or the program waits for an answer.',
      'Look: `pilotty snapshot -f text`. `nearest_line` in the answer is the most similar line there was.',
    ],
    [
      'It takes longer than 30 s.',
      'Give it longer: `--wait-timeout 5m`, or `-t 5m` for `wait`, `exec` and `run`.',
    ],
    [
      'The text was there before the input, or is the echo of it.',
      'What you typed never counts, and with `--wait-new` nothing from before: wait for what the program prints.',
    ],
  ],
  KEYBOARD_TAKEN: [
    [
      'Another client took the keyboard with `pilotty take`, or it was handed to a person.',
      '`pilotty status -s NAME` shows the holder and how long; `pilotty events -s NAME --type keyboard_released` waits.',
    ],
    [
      'A script that should be one client has several labels.',
      'Set `PILOTTY_CLIENT` in it, or give `--as NAME`: clients with one label are one client.',
    ],
  ],
  CONDITION_FAILED: [
    [
      '`--if-text`, `--if-gone` or `--if-revision`: the screen is not what it was.',
      'Nothing was sent; `details` has the screen. Decide again.',
    ],
    [
      '`type --secret`: the terminal would show the secret, so the program does not ask for a password.',
      'Wait for it first: `--wait-password`.',
    ],
    ['`pilotty skill --install`: a file with other contents is there.', 'Look at it, then `--force`.'],
  ],
  REF_NOT_FOUND: [
    [
      'No element has this text: it is drawn in another way, or not on the screen.',
      '`pilotty snapshot --elements` lists what was found; keys always work. See [elements.md](elements.md).',
    ],
  ],
  REF_STALE: [
    [
      'The screen changed since the snapshot that named it.',
      'Take a new `pilotty snapshot --elements`; `--text` finds elements without a ref.',
    ],
  ],
  MOUSE_DISABLED: [
    [
      'The program does not take the mouse, or has it switched off.',
      '`pilotty choose`, `pilotty key`; in vim `:set mouse=a` enables it.',
    ],
  ],
  NO_TERMINAL: [
    [
      'The session was started with `spawn --pipe`, or is one of `run --stdin`: it has no screen and takes no keys.',
      '`pilotty type TEXT --enter` and `--eof` for its stdin, `pilotty output --stream stderr` for what it writes, `pilotty wait --text`.',
    ],
    [
      'The program does need a terminal: it asks for a password, draws a screen, or is to be attached to.',
      '`pilotty spawn` without `--pipe`.',
    ],
  ],
  DAEMON_UNREACHABLE: [
    [
      'The system has musl instead of glibc, as Alpine Linux does.',
      '`npm rebuild node-pty --build-from-source` with python3, make and g++ installed, or an image with glibc.',
    ],
    [
      'The socket directory cannot be made or is not yours alone.',
      '`pilotty doctor` says which rule it breaks; see [socket.md](socket.md).',
    ],
    ['The daemon does not answer.', '`pilotty logs` has its last words; `pilotty stop --force` ends it.'],
    [
      'A variable with a setting cannot be understood.',
      'The message names it; `pilotty help environment` lists them.',
    ],
  ],
  HOST_UNREACHABLE: [
    [
      'ssh is not let in, or cannot ask: there is no terminal for a password, or for a host key it does not know.',
      '`ssh HOST true` asks once; keys in an agent need no question.',
    ],
    [
      'pilotty is not in the PATH of commands over ssh, nor in that of a login shell.',
      '`--remote-path PATH`, or `PILOTTY_REMOTE_PATH`; see [hosts.md](hosts.md).',
    ],
    [
      'The link was lost while a command waited.',
      'Sessions go on: ask again. What was sent in that moment may have arrived; look first.',
    ],
  ],
  PROTOCOL_MISMATCH: [
    [
      'pilotty was upgraded while sessions ran.',
      'Let them end, or `pilotty stop`; the next command starts a daemon of this version.',
    ],
  ],
  UNAUTHORIZED: [
    [
      'The token is missing, or of an earlier gateway.',
      '`pilotty serve --show-token` prints the one that is valid.',
    ],
  ],
  FORBIDDEN: [
    [
      'A page of another origin, or a name that the gateway does not know: a guard against DNS rebinding.',
      '`pilotty serve --allow-host HOST --allow-origin ORIGIN`; see [guides/serve-others.md](guides/serve-others.md).',
    ],
  ],
  POLICY_DENIED: [
    [
      'The daemon was started with `PILOTTY_POLICY`, and a rule of that file fits; `details.rule` names it.',
      '`pilotty hand-over -s NAME` asks a person where the rule leaves it to one; [security.md](security.md) describes the file.',
    ],
  ],
  NOT_FOUND: [['A typo in the path, or another HTTP method.', '[http.md](http.md) lists the routes.']],
  TOO_LARGE: [['Much text in one request.', 'Send it in parts, or paste a file: `pilotty paste FILE`.']],
  DAEMON_UPGRADED: [
    [
      'The client is older than the daemon that answered, and does not ask the next one by itself.',
      'Ask again: the new daemon has the same sessions. What the error says under `details.again` goes on where it was.',
    ],
  ],
  INTERNAL_ERROR: [
    ['A fault of pilotty.', '`pilotty logs` has the details; please report them with `pilotty doctor`.'],
  ],
};

/** What is no error, and puzzles all the same. */
const SYMPTOMS: readonly Cause[] = [
  [
    'A wait ends with exit code 3, though the text is there.',
    'It was there before the input, it is the echo of what you typed, or the program draws it in pieces: `pilotty snapshot -f text` shows it as the wait sees it.',
  ],
  [
    'A command prints nothing.',
    '`-q` prints no result unless the exit code is not 0; `-f new` prints what is new, which may be nothing. A note on stderr says so.',
  ],
  [
    'The wrong session got the input.',
    'Without `-s` it is the session used last, and all clients of a daemon share that: name it, or set `PILOTTY_SESSION`.',
  ],
  [
    'Keys arrive as text such as `^[[A`.',
    'The program does not read keys: it is a line editor that is not running, or `cat`. `pilotty status` shows which program has the terminal.',
  ],
  [
    'Commands take 50 ms or more.',
    'There is no native client for this system, or it belongs to another build: `pilotty doctor` says.',
  ],
  [
    'The shell has another environment than my terminal.',
    'A session inherits the environment of the command that spawns it. `spawn bash` reads ~/.bashrc, `spawn` without a program a login shell.',
  ],
  [
    'Sessions are gone after some minutes.',
    'The daemon stops after five minutes without a running session and without a request; ended sessions go with it.',
  ],
];

export function troubleshootingPage(): string {
  const sections = Object.entries(errors).map(([code, { exitCode, meaning, suggestion }]) =>
    [
      `## ${code}`,
      `${meaning} Exit code ${exitCode}. ${suggestion}`,
      CAUSES[code as ErrorCode].map(([cause, remedy]) => `- **${cause}** ${remedy}`).join('\n'),
    ].join('\n\n'),
  );
  return `${[
    '<!-- Generated by docs/generate-troubleshooting.ts. Change the tables it reads, then: npm run fix -->',
    '# Troubleshooting',
    `Begin with the error itself: \`code\`, \`message\` and \`suggestion\` on stderr name the next command. \`pilotty doctor\` checks the
installation, \`pilotty logs\` shows what the daemon did, \`pilotty snapshot -f text\` what the program shows.`,
    '## By symptom',
    SYMPTOMS.map(([symptom, remedy]) => `- **${symptom}** ${remedy}`).join('\n'),
    '## By exit code',
    exitCodeTable.map(([code, meaning]) => `- \`${code}\`: ${meaning}`).join('\n'),
    ...sections,
  ].join('\n\n')}\n`;
}
