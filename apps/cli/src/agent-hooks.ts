/** Settings that have coding agents set the state of the session they run in: `pilotty state --hooks AGENT`. */

const claudeHooks = {
  UserPromptSubmit: [{ hooks: [{ type: 'command', command: 'pilotty state working --hook' }] }],
  PostToolUse: [{ matcher: '*', hooks: [{ type: 'command', command: 'pilotty state working --hook' }] }],
  Notification: [
    {
      matcher: 'permission_prompt|elicitation_dialog',
      hooks: [{ type: 'command', command: 'pilotty state asking --key message --hook' }],
    },
  ],
  Stop: [{ hooks: [{ type: 'command', command: 'pilotty state done --hook' }] }],
  SessionEnd: [{ hooks: [{ type: 'command', command: 'pilotty state --clear --hook' }] }],
};

export const agentHooks = {
  /** For ~/.claude/settings.json, or .claude/settings.json of a project. */
  claude: `${JSON.stringify({ hooks: claudeHooks }, undefined, 2)}\n`,
  /** For ~/.codex/config.toml: it calls with a JSON argument at the end of a turn, and announces questions with OSC 9. */
  codex: `notify = ["pilotty", "state", "done", "--hook", "--key", "last-assistant-message"]

[tui]
notifications = true
notification_method = "osc9"
`,
} as const;
