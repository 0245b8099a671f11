/** One case for each combination, for any runner. */
import type { ColorSupport } from './environment.ts';
import type { Faults, LaunchOptions } from './launch.ts';

/** What is left out is not varied, and is as `launch()` has it. */
export interface MatrixOptions {
  /** '80x24', or an object. */
  sizes?: readonly (`${number}x${number}` | { cols: number; rows: number })[] | undefined;
  term?: readonly string[] | undefined;
  locale?: readonly string[] | undefined;
  color?: readonly ColorSupport[] | undefined;
  faults?: Readonly<Record<string, Faults>> | undefined;
}

export interface MatrixCase
  extends Pick<LaunchOptions, 'cols' | 'rows' | 'term' | 'locale' | 'color' | 'faults'> {
  /** '80x24 xterm C.UTF-8': only what is varied. Its title too, so that goldens and traces of the cases differ. */
  title: string;
}

/**
 * Calls `define` once for each combination: `matrix({ sizes: ['80x24', '40x10'] }, (options) =>
 * test(`the menu, ${options.title}`, async () => { await using screen = await launch('mc', options); … }))`.
 * @returns the cases
 * @throws TypeError for a list that is empty, which would be no test at all
 */
export function matrix(
  options: MatrixOptions,
  define: (options: MatrixCase) => void = () => {},
): MatrixCase[] {
  const { sizes, term, locale, color, faults } = options;
  const axes: Axis[] = [
    axis('sizes', sizes, (size) => sizeOf(size)),
    axis('term', term, (term) => ({ title: term, term })),
    axis('locale', locale, (locale) => ({ title: locale, locale })),
    axis('color', color, (color) => ({ title: color, color })),
    axis('faults', faults && Object.entries(faults), ([title, faults]) => ({ title, faults })),
  ];
  const cases = axes.reduce<MatrixCase[]>(
    (cases, values) => cases.flatMap((one) => values.map((value) => joined(one, value))),
    [{ title: '' }],
  );
  for (const one of cases) define(one);
  return cases;
}

type Axis = MatrixCase[];

function axis<T>(name: string, values: readonly T[] | undefined, caseOf: (value: T) => MatrixCase): Axis {
  if (values?.length === 0) throw new TypeError(`matrix: '${name}' is empty, so there would be no case`);
  return values?.map(caseOf) ?? [{ title: '' }];
}

function joined(one: MatrixCase, other: MatrixCase): MatrixCase {
  return { ...one, ...other, title: [one.title, other.title].filter(Boolean).join(' ') };
}

function sizeOf(size: string | { cols: number; rows: number }): MatrixCase {
  if (typeof size === 'object') return { title: `${size.cols}x${size.rows}`, ...size };
  const [, cols, rows] = /^(\d+)x(\d+)$/.exec(size) ?? [];
  if (cols === undefined) throw new TypeError(`matrix: '${size}' is no size; say '80x24'`);
  return { title: size, cols: Number(cols), rows: Number(rows) };
}
