/** Just enough of a shell's grammar to find the commands in a line of an example. */

/** The words after each `pilotty` of a shell line, as a shell would split them. A variable is a 1. */
export function commandsIn(line: string): string[][] {
  return simpleCommands(line).flatMap((words) => {
    const start = words.indexOf('pilotty');
    return start === -1 ? [] : [words.slice(start + 1)];
  });
}

/** Every list of words between operators, those of `$(…)` too. */
function simpleCommands(line: string): string[][] {
  const inner: string[] = [];
  // Which stream is sent elsewhere is no word.
  const flat = withoutSubstitutions(line, inner).replaceAll(/(?<=\s)\d(?=[<>])/g, '');
  const commands: string[][] = [[]];
  for (const [token, single, double, operator] of flat.matchAll(TOKEN)) {
    if (operator !== undefined) commands.push([]);
    else if (token.trim() !== '') commands.at(-1)?.push(wordOf(token, single, double));
  }
  return [...commands, ...inner.flatMap(simpleCommands)];
}

/** A word in one kind of quotes, an operator, blanks, or a word that may have quotes in it. */
const TOKEN =
  /'([^']*)'(?=\s|$|[|;&<>()])|"((?:[^"\\]|\\.)*)"(?=\s|$|[|;&<>()])|([|;&<>()]+)|\s+|(?:'[^']*'|"(?:[^"\\]|\\.)*"|\\.|[^\s|;&<>()'"\\])+/g;

function wordOf(token: string, single: string | undefined, double: string | undefined): string {
  const text = single ?? double ?? token.replaceAll(/'([^']*)'|"((?:[^"\\]|\\.)*)"/g, '$1$2');
  return single === undefined ? text.replace(/^\$(?:\w+|\$)$/, '1') : text;
}

/** What `$(…)` prints is not known: it becomes a 1, and its commands go to `inner`. */
function withoutSubstitutions(line: string, inner: string[]): string {
  let flat = '';
  let isSingle = false;
  for (let at = 0; at < line.length; at++) {
    if (line[at] === "'") isSingle = !isSingle;
    if (isSingle || !line.startsWith('$(', at)) {
      flat += line[at];
      continue;
    }
    const end = closingBracket(line, at + 2);
    inner.push(line.slice(at + 2, end));
    flat += '1';
    at = end;
  }
  return flat;
}

function closingBracket(line: string, from: number): number {
  let depth = 1;
  for (let at = from; at < line.length; at++) {
    if (line[at] === '(') depth += 1;
    if (line[at] === ')') depth -= 1;
    if (depth === 0) return at;
  }
  return line.length;
}
