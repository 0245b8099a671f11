/** docs/errors.md: the errors, and what commands exit with. */
import { exitCodeTable } from '../../apps/cli/src/exit-code-table.ts';
import { errors } from '../../packages/protocol/src/index.ts';
import { page, table } from './page.ts';

export function errorsReference(): string {
  const rows = Object.entries(errors).map(([code, { exitCode, httpStatus, meaning, suggestion }]) => [
    `\`${code}\``,
    String(exitCode),
    String(httpStatus),
    meaning,
    suggestion,
  ]);
  return page(
    'Errors and exit codes',
    '## Exit codes',
    `\`exec\` and \`run\` exit with the code of the program, and with 123 to 125 where there is none; wrong arguments exit with
2 there as well. \`batch\` exits with the code of the first command that failed.`,
    table(
      ['exit code', 'meaning'],
      exitCodeTable.map((row) => [...row]),
    ),
    '## Errors',
    `An error is one object, \`{"code", "message", "suggestion", "details"?}\`: on stderr for a command, in the
error's \`data\` for a request. The suggestion in the table is the default; most errors have a more specific one. Wrong
arguments exit with 2 and nothing is done, whether the command notices or the daemon. \`grep\`, where 1 means that nothing
was found, exits with 2 or more for an error.`,
    table(['code', 'exit code', 'HTTP status', 'meaning', 'suggestion'], rows),
  );
}
