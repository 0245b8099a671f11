/** The table of nasty commands, in every shell. */
import { inspect } from 'node:util';
import { expect } from 'vitest';
import { needs } from '../harness/programs.ts';
import { type Expected, NASTY, type NastyCommand } from './nasty-commands.ts';
import { SHELLS, type Shell, type Shells, test } from './shell-session.ts';

test.for(SHELLS)(
  '%s answers every nasty command as it must',
  { timeout: 120_000 },
  async (shell, { shells }) => {
    needs(shell);
    const wrong: string[] = [];
    let session: string | undefined;
    for (const nasty of NASTY) {
      const command = commandFor(nasty, shell);
      if (command === undefined) continue;
      session ??= await shells.start([shell]);
      const { expected, got } = await answerTo(command, shells, session);
      if (expected.ends) session = undefined;
      const isRight = Object.entries(expected).every(([name, value]) =>
        value instanceof RegExp ? value.test(String(got[name])) : Object.is(got[name], value),
      );
      if (!isRight) wrong.push(`${nasty.what}: ${inspect(got)}, not ${inspect(expected)}`);
      if (got.failed !== undefined) session = undefined;
    }
    expect(wrong).toEqual([]);
  },
);

interface Wanted {
  text: string;
  expected: Expected;
}

function commandFor(nasty: NastyCommand, shell: Shell): Wanted | undefined {
  const text = shell === 'fish' ? (nasty.fish === 'same' ? nasty.run : nasty.fish) : nasty.run;
  const own = nasty.in?.[shell];
  if (text === undefined || own === 'skip') return undefined;
  const { stdout = '', stderr = '', code = 0, ends } = { ...nasty, ...own };
  return { text, expected: { stdout, stderr, code, ...(ends && { ends }) } };
}

async function answerTo(
  { text, expected }: Wanted,
  shells: Shells,
  session: string,
): Promise<{ expected: Expected; got: Record<string, unknown> }> {
  try {
    const { stdout, stderr, exit_code, outcome } = await shells.exec(session, text, { timeout_ms: 15_000 });
    return {
      expected,
      got: {
        stdout,
        stderr,
        code: exit_code,
        ...(outcome !== 'matched' && { ends: outcome === 'exited' ? true : outcome }),
      },
    };
  } catch (error) {
    return { expected, got: { failed: String(error) } };
  }
}
