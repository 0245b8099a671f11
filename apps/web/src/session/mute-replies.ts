/**
 * Keeps a viewer's terminal from answering the program: the daemon has answered already, and a second
 * answer would be typed into whatever reads next. xterm.js hands its answers out with what a person types,
 * so what asks for them is taken from it.
 */
import type { Terminal } from '@xterm/xterm';

export function muteReplies({ parser }: Terminal): void {
  const ignore = () => true;
  // DA1 and DA2, DSR, DECRQM, XTWINOPS reports, DECRQSS.
  parser.registerCsiHandler({ final: 'c' }, ignore);
  parser.registerCsiHandler({ prefix: '>', final: 'c' }, ignore);
  parser.registerCsiHandler({ final: 'n' }, ignore);
  parser.registerCsiHandler({ prefix: '?', final: 'n' }, ignore);
  parser.registerCsiHandler({ intermediates: '$', final: 'p' }, ignore);
  parser.registerCsiHandler({ prefix: '?', intermediates: '$', final: 'p' }, ignore);
  parser.registerCsiHandler({ final: 't' }, ignore);
  parser.registerDcsHandler({ intermediates: '$', final: 'q' }, ignore);
  // Colours: a question mark in the place of a colour asks for it.
  for (const code of [4, 10, 11, 12]) parser.registerOscHandler(code, (data) => data.includes('?'));
}
