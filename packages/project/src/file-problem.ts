/** What is wrong with a project file, and where. */
import { plainSentence, RequestError } from '@pilotty/client';

export interface FileProblem {
  /** 'sessions.api.ready.text' */
  path: string;
  line: number;
  column: number;
  message: string;
}

/** More than so many are one mistake, mostly. */
const SHOWN = 10;

/** Nothing of the file has been done. */
export function invalidFile(file: string, found: readonly FileProblem[]): RequestError {
  const problems = inOrderOfPlaces(found);
  const lines = problems.slice(0, SHOWN).map(({ path, line, column, message }) => {
    const place = path === '' ? '' : `${path}: `;
    return plainSentence(`line ${line}, column ${column}: ${place}${message}`);
  });
  const more = problems.length > SHOWN ? [`and ${problems.length - SHOWN} more`] : [];
  return new RequestError(
    'INVALID_INPUT',
    `'${file}' is not a valid project\n${[...lines, ...more].join('\n')}`,
    {
      suggestion: "'pilotty help up' describes the file; nothing was started or ended.",
      details: { file, mistakes: problems.slice(0, SHOWN) },
    },
  );
}

/** A parser may say the same of one place twice. */
function inOrderOfPlaces(problems: readonly FileProblem[]): FileProblem[] {
  const different = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  return [...different.values()].sort((a, b) => a.line - b.line || a.column - b.column);
}
