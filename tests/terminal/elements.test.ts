/**
 * How well elements are found, on screens of real programs.
 *
 * Each fixture is what a program wrote to draw a screen, and beside it, written by hand from looking at
 * the screen, what a person would call its controls. The score is recorded exactly: getting worse fails,
 * and getting better is recorded with `npx vitest run tests/terminal/elements.test.ts -u` and in
 * docs/elements.md.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type DetectedElement, detectElements, Screen } from '../../packages/terminal/src/index.ts';

const SCREENS = new URL('./fixtures/screens/', import.meta.url);
const DOCUMENT = new URL('../../docs/elements.md', import.meta.url);

type Line = [
  kind: string,
  row: number,
  col: number,
  width: number,
  height: number,
  text: string,
  state?: string,
];

interface Fixture {
  name: string;
  program: string;
  cols: number;
  rows: number;
  /** The rules were not written with this program in view. */
  unseen?: boolean;
  elements: Line[];
}

interface Score {
  found: number;
  missed: number;
  false: number;
}

function fixtures(): Fixture[] {
  const programs = readdirSync(SCREENS, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return programs
    .flatMap(({ name: program }) => {
      const files = readdirSync(new URL(`${program}/`, SCREENS)).filter((file) => file.endsWith('.json'));
      return files.map((file) => {
        const content = JSON.parse(readFileSync(new URL(`${program}/${file}`, SCREENS), 'utf8'));
        return { ...content, program, name: `${program}/${file.slice(0, -'.json'.length)}` };
      });
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function detected({ name, cols, rows }: Fixture): Line[] {
  const screen = new Screen({ cols, rows, scrollback: 0 });
  screen.write(readFileSync(new URL(`${name}.ans`, SCREENS)));
  return detectElements(screen).map(lineOf);
}

function lineOf(element: DetectedElement): Line {
  const { kind, row, col, width, height, text, focused, checked } = element;
  const state = [
    ...(focused ? ['focused'] : []),
    ...(checked === undefined ? [] : [checked ? 'checked' : 'unchecked']),
  ];
  const line: Line = [kind, row, col, width, height, text];
  if (state.length > 0) line.push(state.join(' '));
  return line;
}

/** Found means that all of it is right: kind, place, size, text and state. */
function compare(fixture: Fixture): Score & { missing: string[]; wrong: string[] } {
  const expected = fixture.elements.map((line) => JSON.stringify(line));
  const actual = detected(fixture).map((line) => JSON.stringify(line));
  const missing = expected.filter((line) => !actual.includes(line));
  const wrong = actual.filter((line) => !expected.includes(line));
  return {
    found: expected.length - missing.length,
    missed: missing.length,
    false: wrong.length,
    missing,
    wrong,
  };
}

function sum(scores: readonly Score[]): Score {
  return scores.reduce(
    (total, score) => ({
      found: total.found + score.found,
      missed: total.missed + score.missed,
      false: total.false + score.false,
    }),
    { found: 0, missed: 0, false: 0 },
  );
}

function tableRow(name: string, { found, missed, false: wrong }: Score, screens: number): string {
  return `| ${name} | ${screens} | ${found} | ${missed} | ${wrong} |`;
}

describe('screens of real programs', () => {
  const all = fixtures();
  const results = all.map((fixture) => ({ fixture, ...compare(fixture) }));

  test('every control found, missed and falsely seen is the one on record', async () => {
    const lines = results.flatMap(({ fixture, missing, wrong, ...score }) => [
      `${fixture.name}: ${score.found} found, ${score.missed} missed, ${score.false} false`,
      ...missing.map((line) => `  missed ${line}`),
      ...wrong.map((line) => `  false  ${line}`),
    ]);
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('./fixtures/screens/score.txt');
  });

  test('docs/elements.md states the score', () => {
    const programs = [...new Set(all.map(({ program }) => program))];
    const rows = programs.map((program) => {
      const own = results.filter(({ fixture }) => fixture.program === program);
      return tableRow(program, sum(own), own.length);
    });
    const seen = results.filter(({ fixture }) => !fixture.unseen);
    const unseen = results.filter(({ fixture }) => fixture.unseen);
    const table = [
      '| program | screens | found | missed | false |',
      '|---|--:|--:|--:|--:|',
      ...rows,
      tableRow('**programs the rules were written with**', sum(seen), seen.length),
      tableRow('**programs only looked at afterwards**', sum(unseen), unseen.length),
      tableRow('**all**', sum(results), results.length),
    ].join('\n');
    expect(readFileSync(DOCUMENT, 'utf8')).toContain(table);
  });

  test('plain output, source code, prompts and manuals have no controls', () => {
    const plain = ['bash/listing', 'bash/log', 'bat/source', 'gdb/help', 'git/add-patch', 'git/log'];
    const texts = ['less/log', 'less/search', 'man/dialog', 'man/nl', 'python/prompt', 'top/main'];
    const editors = ['tmux/panes', 'vim/help', 'vim/text'];
    for (const name of [...plain, ...texts, ...editors]) {
      const fixture = all.find((candidate) => candidate.name === name) as Fixture;
      expect(detected(fixture), name).toEqual([]);
    }
  });

  test('elements are in reading order, inside the screen, and in no other twice', () => {
    for (const fixture of all) {
      const lines = detected(fixture);
      const places = lines.map(([, row, col]) => row * 1000 + col);
      expect(places, fixture.name).toEqual([...places].sort((a, b) => a - b));
      for (const [kind, row, col, width, height] of lines) {
        const isInside =
          row >= 0 && col >= 0 && row + height <= fixture.rows && col + width <= fixture.cols && width > 0;
        expect(isInside, `${fixture.name}: ${kind} at ${row},${col}`).toBe(true);
      }
      const cells = new Set<number>();
      for (const [kind, row, col, width] of lines) {
        if (kind === 'box') continue;
        for (let x = col; x < col + width; x++) {
          expect(
            cells.has(row * 1000 + x) && kind !== 'link',
            `${fixture.name}: ${kind} at ${row},${x}`,
          ).toBe(false);
          cells.add(row * 1000 + x);
        }
      }
    }
  });
});
