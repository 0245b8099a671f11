/** Regular expressions that take time linear in what they search. Loaded with the first wait that has one. */
import { RequestError } from '@pilotty/protocol';
import { RE2JS, RE2JSSyntaxException } from 're2js';

export { lineExpression } from '../pty/line-expression.ts';

/** Instructions of a compiled expression; each may be run once for every character, in some 30 ns. */
const MAX_INSTRUCTIONS = 2000;

/** @throws RequestError INVALID_INPUT */
export function compileRegex(pattern: string): RE2JS {
  const regex = compiled(pattern);
  if (regex.programSize() <= MAX_INSTRUCTIONS) return regex;
  throw new RequestError(
    'INVALID_INPUT',
    'The regular expression is too large once its repetitions are written out',
    {
      suggestion: 'Use fewer or shorter repetitions such as {0,50}, above all inside one another.',
    },
  );
}

function compiled(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern, RE2JS.MULTILINE);
  } catch (error) {
    if (!(error instanceof RE2JSSyntaxException)) throw error;
    throw new RequestError(
      'INVALID_INPUT',
      `The regular expression does not compile: ${error.message.replace('(?m)', '')}`,
      {
        suggestion:
          'Use RE2 syntax (no look-around, no back-references), or leave out --regex for plain text.',
      },
    );
  }
}
