/** The generated pages of docs/ are what the tables say today. `npm run fix` writes them again. */
import { expect, test } from 'vitest';
import {
  answerMembers,
  cliReference,
  errorsReference,
  httpReference,
  keyNamesModule,
  keysReference,
  protocolReference,
} from '../../docs/generate-reference.ts';
import { sdkErrorClasses, sdkTypes } from '../../docs/generate-sdk-types.ts';

test.each([
  ['errors.md', errorsReference],
  ['protocol.md', protocolReference],
  ['http.md', httpReference],
  ['cli.md', cliReference],
  ['keys.md', keysReference],
])('docs/%s is current', async (file, generate) => {
  await expect(await generate()).toMatchFileSnapshot(`../../docs/${file}`);
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
