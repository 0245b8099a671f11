/** Where each coding agent looks for skills, below the home directory and below a project: DIRECTORY/NAME/SKILL.md. */

export interface SkillPlace {
  /** Below the home directory, or below what the variable says. */
  user: string;
  variable?: { name: string; below: string };
  project: string;
}

export const skillPlaces: Readonly<Record<string, SkillPlace>> = {
  claude: {
    user: '.claude/skills',
    variable: { name: 'CLAUDE_CONFIG_DIR', below: 'skills' },
    project: '.claude/skills',
  },
  // What it reads since it follows the shared standard; ~/.codex/skills is the older place.
  codex: { user: '.agents/skills', project: '.agents/skills' },
  copilot: { user: '.copilot/skills', project: '.github/skills' },
  cursor: { user: '.cursor/skills', project: '.cursor/skills' },
  gemini: { user: '.gemini/skills', project: '.gemini/skills' },
  opencode: {
    user: '.config/opencode/skills',
    variable: { name: 'XDG_CONFIG_HOME', below: 'opencode/skills' },
    project: '.opencode/skills',
  },
  windsurf: { user: '.codeium/windsurf/skills', project: '.windsurf/skills' },
  // The shared standard, which others read too.
  agents: { user: '.agents/skills', project: '.agents/skills' },
};
