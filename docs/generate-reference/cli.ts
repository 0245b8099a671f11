/** docs/cli.md: what the help of all commands says. */
import { readLine } from '../../apps/cli/src/command-line.ts';
import { groups } from '../../apps/cli/src/commands/index.ts';
import { readOverview } from '../../apps/cli/src/overview.ts';
import { page, plain } from './page.ts';

export async function cliReference(): Promise<string> {
  const sections: string[] = [];
  for (const [group, commands] of Object.entries(groups)) {
    sections.push(`## ${group}`);
    for (const load of Object.values(commands)) {
      const { declaration } = await load();
      const line = readLine(declaration, ['--help']);
      sections.push(`### ${declaration.name}`, plain('help' in line ? line.help : ''));
    }
  }
  return page(
    'Commands',
    `What \`pilotty COMMAND --help\` prints, of all commands. Results are JSON on stdout, one object each on one line
(indented where stdout is a terminal), or text where
the help says so; errors go to stderr, see [errors.md](errors.md). Keys: [keys.md](keys.md).`,
    plain(await readOverview('--help')),
    '## Options of every command that acts',
    plain(await readOverview('wait-options')),
    '## For agents',
    plain(await readOverview('agents')),
    '## Exit codes',
    plain(await readOverview('exit-codes')),
    '## Variables',
    plain(await readOverview('environment')),
    ...sections,
  );
}
