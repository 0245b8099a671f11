/** The formats of a screen. */
import { oneOf } from './command.ts';

export const screenFormat = oneOf('full', 'compact', 'text', 'new', 'ansi', 'html', 'svg', 'png');
