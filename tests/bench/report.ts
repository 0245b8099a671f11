/** The rows as lines of a terminal, and as docs/benchmarks.md. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { bars } from './bars.ts';
import { lines } from './lines.ts';
import type { Row, Summary } from './summary.ts';

export interface Section {
  name: string;
  title: string;
  rows: Row[];
}

export function printRow(row: Row): string {
  const [what = '', measured = '', against, compared, target, met] = cells(row);
  const facts = [against, compared, target && `target ${target}: ${met}`].filter((fact) => fact !== '');
  return `  ${what.padEnd(44)} ${measured.padEnd(34)} ${facts.join('   ')}`;
}

function cells(row: Row): string[] {
  const { what, unit, against, compared, target } = row;
  return [
    what,
    spread(row, unit),
    against ? `${against.what}: ${spread(against, unit)}` : '',
    compared
      ? compared.by === 'ratio'
        ? `${number(compared.value)} ×`
        : `${signed(compared.value)} ${unit}`
      : '',
    target?.text ?? '',
    target ? (target.isMet ? 'met' : 'missed') : '',
  ];
}

function spread({ value, min, max, n }: Summary, unit: string): string {
  const one = `${number(value)} ${unit}`.trim();
  return n === 1 ? one : `${one} (${number(min)}–${number(max)}, n ${n})`;
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${number(Math.abs(value))}`;
}

/** Three digits say all that a measurement on a shared machine knows. */
function number(value: number): string {
  if (value === 0 || Number.isInteger(value)) return String(value);
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(Math.min(digits, 3));
}

const HEAD = `# Benchmarks

Written by \`npm run bench -- --write-docs\`. What is compared was measured in the same run, in turn, so that what
disturbed one disturbed the other; times alone say as much about the machine as about the program.

\`npm run bench\` measures \`dist\`: run \`npm run build\` before. Names choose some (\`npm run bench -- wait exit\`), \`--full\` takes
as many runs as a claim needs, \`--json FILE\` writes the rows. tmux is taken where it is installed, and with
\`PILOTTY_BENCH_PEER=/path/to/program\` a program with the same command line. The numbers are reported, never tested; that
nothing becomes much slower, in proportion, is: \`npm run bench -- --quick\`, see [testing.md](testing.md#speed).
`;

const loadAtStart = loadavg()[0] ?? 0;

/** @param areAll else the others stay as they are, and these say of themselves how they were measured */
export function writeDocs(docs: string, sections: readonly Section[], areAll: boolean): void {
  mkdirSync(join(docs, 'benchmarks'), { recursive: true });
  const page = join(docs, 'benchmarks.md');
  const machine = `Measured with Node ${process.versions.node} on ${process.platform} ${process.arch} with ${availableParallelism()} cores.
The machine's load was ${loadAtStart.toFixed(1)} when it began; above 0.5 it had other work, and tails (p99) say little.
`;
  const parts = sections.map((section) => {
    const plot = bars(section.rows) ?? lines(section.rows);
    if (plot !== undefined) writeFileSync(join(docs, 'benchmarks', `${section.name}.svg`), plot);
    const image = plot === undefined ? '' : `\n![${section.name}](benchmarks/${section.name}.svg)\n`;
    const own = areAll ? '' : `${machine}\n`;
    return `## ${section.name}\n\n${section.title}\n\n${own}${table(section.rows)}${image}`;
  });
  if (areAll) writeFileSync(page, [HEAD, machine, ...parts].join('\n'));
  else writeFileSync(page, parts.reduce(withSection, readFileSync(page, 'utf8')));
}

/** In the place of the one of that name, or at the end. */
function withSection(page: string, section: string): string {
  const [heading = ''] = section.split('\n', 1);
  const found = page.split(/^(?=## )/m);
  const at = found.findIndex((one) => one.startsWith(`${heading}\n`));
  const isLast = at === -1 || at === found.length - 1;
  if (at === -1) found.push(section);
  else found[at] = section;
  if (at === -1) found[found.length - 2] = `${found.at(-2)?.trimEnd()}\n\n`;
  else if (!isLast) found[at] = `${section}\n`;
  return found.join('');
}

function table(rows: readonly Row[]): string {
  const head = ['what', 'median (min–max, n)', 'against', 'compared', 'target', 'met?'];
  const lines = [head, head.map(() => '---'), ...rows.map(cells)];
  return lines.map((line) => `| ${line.join(' | ')} |\n`).join('');
}
