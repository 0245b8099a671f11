/** Every variable that pilotty reads, for `pilotty help environment`, the manual pages and what agents read. */
export const environmentTable: readonly (readonly [name: string, meaning: string])[] = [
  ['PILOTTY_SESSION', 'the session when no -s is given'],
  [
    'PILOTTY_SCOPE',
    "names are meant in this scope: 'build' is the session 'SCOPE+build'; set for programs in such a session (default: none)",
  ],
  [
    'PILOTTY_STATE_KEY',
    "set for programs in a session: with it 'pilotty state' sets the state of that session, and of no other",
  ],
  [
    'PILOTTY_CLIENT',
    'what others see of you where they see who types (default: the program that runs pilotty)',
  ],
  ['PILOTTY_ASKPASS', 'set in sessions of spawn --askpass: the id of the session in which programs ask'],
  ['PILOTTY_HOST', 'the host whose daemon is meant when no -H is given, as -H has it'],
  ['PILOTTY_FLEET', 'the fleet that is meant when neither -H nor --fleet is given: nats://SERVER/FLEET'],
  ['PILOTTY_NATS_CREDS', 'a file with the credentials for NATS, which only you can read'],
  ['PILOTTY_NATS_INBOX', 'where answers come to over NATS, as your credentials permit (default: _INBOX)'],
  ['PILOTTY_REMOTE_PATH', 'where pilotty is on that host when no --remote-path is given'],
  ['PILOTTY_DETACH_KEYS', "the keys that leave 'pilotty attach' (default: Ctrl+\\\\ d)"],
  [
    'PILOTTY_SOCKET_DIR',
    "the directory of the daemon's socket and log (default: $XDG_RUNTIME_DIR/pilotty, else ~/.pilotty, else /tmp/pilotty-UID)",
  ],
  ['PILOTTY_RETAIN_BYTES', 'bytes of output kept per session (default: 2 MiB)'],
  ['PILOTTY_MAX_SESSIONS', 'maximum number of running sessions (default: 1000)'],
  [
    'PILOTTY_IDLE_TIMEOUT',
    'the daemon stops after this time without a running session and without a request (default: 5m)',
  ],
  ['PILOTTY_REMEMBER', 'how long an ended session can be inspected while the daemon runs (default: 10m)'],
  [
    'PILOTTY_LOG_LEVEL',
    'log level of the daemon: trace, debug, info, warn, error, fatal or silent (default: info)',
  ],
  [
    'PILOTTY_REDACT',
    "a regular expression; matches are left out of the daemon's log, of recordings and of reports, and of nothing else",
  ],
  [
    'PILOTTY_RESTORE',
    "what is kept on disk of running sessions for 'pilotty restore': output (default), commands (without what they print) or off",
  ],
  [
    'PILOTTY_POLICY',
    'a file that says which acts the daemon does for whom, see docs/security.md; it keeps an audit trail then',
  ],
  ['PILOTTY_RECORD_DIR', 'record every session into a file in this directory'],
];
