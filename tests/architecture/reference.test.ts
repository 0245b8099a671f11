/** The generated pages of docs/ are what the tables say today. `npm run fix` writes them again. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { manualPage } from '../../docs/generate-manual.ts';
import { answerMembers } from '../../docs/generate-reference/answer-members.ts';
import { cliReference } from '../../docs/generate-reference/cli.ts';
import { errorsReference } from '../../docs/generate-reference/errors.ts';
import { httpReference } from '../../docs/generate-reference/http.ts';
import { keyNamesModule, keysReference } from '../../docs/generate-reference/keys.ts';
import { mcpDeclarations, mcpToolsReference } from '../../docs/generate-reference/mcp-tools.ts';
import { projectSchema } from '../../docs/generate-reference/project-schema.ts';
import { protocolReference } from '../../docs/generate-reference/protocol.ts';
import { sdkErrorClasses, sdkTypes } from '../../docs/generate-sdk-types.ts';
import { troubleshootingPage } from '../../docs/generate-troubleshooting.ts';
import { needs, pathOf } from '../harness/programs.ts';

test.each([
  ['errors.md', errorsReference],
  ['protocol.md', protocolReference],
  ['http.md', httpReference],
  ['cli.md', cliReference],
  ['keys.md', keysReference],
  ['mcp-tools.md', mcpToolsReference],
  ['troubleshooting.md', troubleshootingPage],
])('docs/%s is current', async (file, generate) => {
  await expect(await generate()).toMatchFileSnapshot(`../../docs/${file}`);
});

test('editors have the schema of a project file', async () => {
  await expect(projectSchema()).toMatchFileSnapshot('../../pilotty.schema.json');
});

test('the MCP server declares the tools that it has', async () => {
  await expect(mcpDeclarations()).toMatchFileSnapshot('../../packages/mcp/src/declarations.ts');
});

test('the command knows the members of every answer', async () => {
  await expect(answerMembers()).toMatchFileSnapshot('../../apps/cli/src/answer-members.ts');
});

test('the SDK has the types and the errors of the protocol', async () => {
  await expect(sdkTypes()).toMatchFileSnapshot('../../packages/sdk/src/protocol-types.ts');
  await expect(sdkErrorClasses()).toMatchFileSnapshot('../../packages/sdk/src/error-classes.ts');
});

test('the command knows the names of keys', async () => {
  await expect(keyNamesModule()).toMatchFileSnapshot('../../apps/cli/src/key-names.ts');
});

test('the manual page is current', async () => {
  await expect(await manualPage()).toMatchFileSnapshot('../../man/pilotty.1');
});

test('what formats manual pages finds nothing wrong with it', () => {
  needs('mandoc');
  const page = fileURLToPath(new URL('../../man/pilotty.1', import.meta.url));
  const { stdout } = spawnSync(pathOf('mandoc') ?? '', ['-Tlint', page], { encoding: 'utf8' });
  // A date would make another page of it every day.
  const complaints = stdout.split('\n').filter((line) => line !== '' && !line.includes('missing date'));
  expect(complaints).toEqual([]);
});
