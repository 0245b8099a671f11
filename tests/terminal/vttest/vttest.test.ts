/**
 * vttest's pages, as they were when somebody read them: each says itself what it should show.
 *
 * Left out: what needs a window that a program may resize (132 columns), keyboards that lock and fonts of
 * the terminal's own (VT52, soft characters, double size), and single shifts, which xterm.js does not know.
 */
import { expect, test } from 'vitest';
import { needs } from '../../harness/programs.ts';
import { walk } from './walk.ts';

test.each([
  ['1', 'cursor movements'],
  ['2', 'screen features'],
  ['3.8', 'VT100 character sets'],
  ['3.9', 'shift in and shift out'],
  ['6.3', 'device status reports'],
  ['6.4', 'primary device attributes'],
  ['6.5', 'secondary device attributes'],
  ['6.6', 'tertiary device attributes'],
  ['6.7', 'terminal parameters'],
  ['8', 'inserting and deleting characters and lines'],
  ['11.5.1', 'HPA'],
  ['11.5.2', 'CBT'],
  ['11.5.3', 'CHA'],
  ['11.5.4', 'CHT'],
  ['11.5.5', 'HPR'],
  ['11.5.6', 'VPA'],
  ['11.5.7', 'CNL'],
  ['11.5.8', 'CPL'],
  ['11.5.9', 'VPR'],
  ['11.7.2', 'REP'],
  ['11.7.3', 'SD'],
  ['11.7.4', 'SL'],
  ['11.7.5', 'SR'],
  ['11.7.6', 'SU'],
])('menu %s: %s', async (path) => {
  needs('vttest');
  const pages = await walk(path.split('.'));
  const rulers = pages.map((text, page) => `── page ${page + 1} ──\n${text}\n`);
  await expect(rulers.join('')).toMatchFileSnapshot(`../fixtures/vttest/${path}.txt`);
});
