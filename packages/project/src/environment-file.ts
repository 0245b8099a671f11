/**
 * A file of NAME=VALUE lines, as docker compose and dotenv read it: blank lines and those that begin with # are none,
 * `export` may stand before a name, quotes around a value are no part of it, and a # after a blank ends one without quotes.
 * Nothing is put in place of $NAME.
 */
export type EnvironmentLine = { name: string; value: string } | { line: number; problem: string };

const LINE = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_.]*)\s*=\s*(.*)$/;

export function environmentLines(text: string): EnvironmentLine[] {
  return text.split(/\r?\n/).flatMap((line, index): EnvironmentLine[] => {
    if (/^\s*(?:#.*)?$/.test(line)) return [];
    const [, name, given = ''] = LINE.exec(line) ?? [];
    if (name === undefined) return [{ line: index + 1, problem: 'must be NAME=VALUE' }];
    const value = unquoted(given.trim());
    return value === undefined
      ? [{ line: index + 1, problem: 'has a quote that does not end' }]
      : [{ name, value }];
  });
}

/** @returns undefined where a quote does not end */
function unquoted(text: string): string | undefined {
  const [quote] = text;
  if (quote !== '"' && quote !== "'") return text.replace(/\s+#.*$/, '');
  const [, inner] =
    (quote === '"' ? /^"((?:[^"\\]|\\.)*)"\s*(?:#.*)?$/ : /^'([^']*)'\s*(?:#.*)?$/).exec(text) ?? [];
  if (inner === undefined || quote === "'") return inner;
  return inner.replace(/\\(.)/g, (_, letter: string) => ESCAPES[letter] ?? letter);
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };
