/** What the commands of the mouse have in common. */
import { flag } from './command.ts';

export const heldOptions = {
  shift: flag('with Shift held'),
  alt: flag('with Alt held'),
  ctrl: flag('with Ctrl held'),
  force: flag('send it even if the program has not enabled the mouse'),
};
