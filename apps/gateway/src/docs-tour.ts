/** The beginning of /docs: each step is a line for a shell, and a test runs them in this order. */

export interface Step {
  says: string;
  command: string;
  /** It goes on until it is interrupted. */
  isEndless?: true;
}

export const PREPARATION = `TOKEN=$(pilotty serve --show-token | jq -r .token)
api() { curl -s -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' "$@"; }`;

export const tour: readonly Step[] = [
  {
    says: 'Start a session: a program on a terminal of its own. Without `argv` or `command` it is your login shell.',
    command: `api $BASE/sessions -d '{"name": "demo", "argv": ["bash", "--norc"], "tags": ["ci"]}'`,
  },
  {
    says: 'Type, wait and look in one request. The echo of what was typed never counts as what is waited for.',
    command: `api $BASE/sessions/demo/input -d '{"text": "echo $((6*7))", "enter": true, "wait": {"text": "42"}, "snapshot": {}}'`,
  },
  {
    says: 'Look at the screen: as `text`, as JSON (`plain`, `styled`), or as a picture (`svg`, `png`).',
    command: `api "$BASE/sessions/demo/screen?format=text"`,
  },
  {
    says: 'Run a command in the shell of the session: its output and its exit code are the answer.',
    command: `api $BASE/sessions/demo/exec -d '{"command": "ls /nowhere; false"}'`,
  },
  {
    says: 'Wait for the first of many sessions, here of a tag. Pass its `event_cursor` back as `after`: nothing is missed, and nothing is answered twice. A wait that times out is status 408, with the screens in `details`.',
    command: `api $BASE/wait -d '{"tags": ["ci"], "idle_ms": 500}'`,
  },
  {
    says: 'Follow what happens, as server-sent events. In a browser: `new EventSource("/events?ticket=…")`, with a ticket of `POST /tickets`.',
    command: `api -N "$BASE/events?tag=ci&type=exited,bell"`,
    isEndless: true,
  },
  {
    says: 'End it. Its screen, output and exit code stay for ten minutes.',
    command: 'api -X DELETE $BASE/sessions/demo',
  },
];
