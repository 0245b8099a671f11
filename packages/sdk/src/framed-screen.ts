/** A screen in the message of an error, for the reader of a failed test. */
import type { ScreenState } from './protocol-types.ts';

/** As lines with a frame; none where the screen has no text. */
export function framedScreen(screen: ScreenState | undefined): string[] {
  const text = screen?.text;
  const isText = screen?.format === undefined || screen.format === 'compact' || screen.format === 'text';
  if (screen === undefined || text === undefined || !isText) return [];
  const { cols } = screen.size;
  const edge = (left: string, right: string) => `${left}${'─'.repeat(cols)}${right}`;
  const rows = text.replace(/\n+$/, '').split('\n');
  return [edge('╭', '╮'), ...rows.map((row) => `│${row.padEnd(cols)}│`), edge('╰', '╯')];
}
