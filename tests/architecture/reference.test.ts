/** The generated pages of docs/ are what the tables say today. `npm run fix` writes them again. */
import { expect, test } from 'vitest';
import {
  answerMembers,
  cliReference,
  errorsReference,
  httpReference,
  keysReference,
  protocolReference,
} from '../../docs/generate-reference.ts';

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
