/** A new terminal that is given the replay of another shows what that shows, and goes on as it does. */
import fc from 'fast-check';
import { replayBytes, Screen } from '../../../packages/terminal/src/index.ts';
import { pure, type Target } from '../target.ts';
import { differences, look } from './look.ts';
import { anySteps, type Size, type Step, sizeOf, take } from './steps.ts';

interface Input {
  size: Size;
  steps: Step[];
  /** Written to both. */
  rest: string;
}

export const replay: Target<Input> = {
  name: 'replay',
  promise: 'a new terminal fed with the replay shows the same, and goes on the same',
  runsInTest: 150,
  inputs: (corpus) => {
    const { size, steps, output } = anySteps(corpus.flatMap(({ steps }) => steps));
    return fc.record({ size, steps, rest: output });
  },
  open: pure(({ size, steps, rest }) => {
    const original = new Screen({ ...sizeOf(size), scrollback: 50 });
    for (const step of steps) take(original, step);
    const copy = new Screen({ ...original.size, scrollback: 50 });
    copy.write(replayBytes(original));
    differences('replayed', look(original), look(copy));
    take(original, rest);
    take(copy, rest);
    differences('after the rest', look(original), look(copy));
  }),
};
