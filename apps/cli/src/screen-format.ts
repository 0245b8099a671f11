/** The forms in which a screen can be told. */
import { oneOf } from './command.ts';

export const screenFormat = oneOf('full', 'compact', 'text', 'new', 'ansi', 'html', 'svg', 'png');
