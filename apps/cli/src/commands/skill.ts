import { command, flag, oneOf, value } from '../command.ts';
import { printJson } from '../output.ts';
import { skillPlaces } from '../skill-places.ts';
import { UsageError } from '../usage-error.ts';

const agents = Object.keys(skillPlaces);

export const declaration = command({
  name: 'skill',
  summary: 'print or install what an AI agent must know, as a SKILL.md',
  description: `The text of 'pilotty help agents' as a skill: a Markdown file that coding agents find by themselves and
load when they need it. --install writes it where the agent looks: for all your projects, or with --project below the
current directory. A file that was changed there stays, unless --force is given. Install it again after an upgrade.`,
  options: {
    full: flag('also all conditions, exit codes, errors, keys and variables'),
    install: value('AGENT', oneOf(...agents), `write it for ${agents.join(', ')}`),
    project: flag('--install: below the current directory, for this project alone'),
    force: flag('--install: replace a file with other contents'),
  },
  examples: [
    ['pilotty skill --install claude', 'for Claude Code, in all your projects'],
    ['pilotty skill --install codex --project', 'for Codex, in this project'],
    ['pilotty skill --full > SKILL.md', 'with all tables, for an agent that is not known'],
  ],
  startsDaemon: false,
  needsProcess: ({ install }) => install !== undefined,
  answer: { only: 'type name text agent path outcome' },
  async run({ full, install, project, force, json }, io) {
    if (install === undefined && (project || force))
      throw new UsageError(
        `--${project ? 'project' : 'force'} goes with --install`,
        'Such as --install claude.',
      );
    const { SKILL_NAME, skillText } = await import('../skill.ts');
    const text = skillText(full);
    if (install === undefined) {
      if (json) await printJson(io.stdout, { type: 'skill', name: SKILL_NAME, text });
      else await io.stdout.write(text);
      return 0;
    }
    const { installSkill } = await import('../install-skill.ts');
    const installed = await installSkill(install, text, { project, force }, io);
    await printJson(io.stdout, { type: 'skill_installed', ...installed });
    return 0;
  },
});
