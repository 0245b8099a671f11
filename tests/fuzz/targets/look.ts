/** All that a viewer sees of a screen, and all that a program can rely on. */
import type { Screen } from '../../../packages/terminal/src/index.ts';

export function look(screen: Screen): Record<string, unknown> {
  const { cols, rows } = screen.size;
  return {
    rows: screen.rowTexts(),
    hash: screen.hash(),
    cursor: screen.cursor,
    modes: screen.modes,
    scrollback: screen.scrollbackTexts(1000),
    // A row whose last cell was erased under the cursor that waits behind it gets a blank there.
    logicalLines: screen.logicalLines().map((line) => line.text.replaceAll(' ', '')),
    links: Array.from(
      { length: cols * rows },
      (_, i) => screen.linkAt(Math.floor(i / cols), i % cols) ?? '',
    ).join(' '),
    title: screen.title,
    cwd: screen.cwd,
    progress: screen.progress,
    alternate: screen.alternateScreen,
  };
}

/** @throws Error that says what differs */
export function differences(
  when: string,
  wanted: Readonly<Record<string, unknown>>,
  found: Readonly<Record<string, unknown>>,
): void {
  const differing = Object.keys(wanted).filter(
    (name) => JSON.stringify(wanted[name]) !== JSON.stringify(found[name]),
  );
  if (differing.length === 0) return;
  const shown = differing.map(
    (name) => `${name}: ${JSON.stringify(wanted[name])} became ${JSON.stringify(found[name])}`,
  );
  throw new Error(`${when}: ${differing.join(', ')} differ\n${shown.join('\n')}`);
}
