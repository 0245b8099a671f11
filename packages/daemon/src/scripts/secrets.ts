/** What was not recorded is read from the environment by a script: SECRET_1 for the first, and so on. */
import type { Step } from './steps.ts';

export function withSecrets(steps: readonly Step[]): { step: Step; secret: string }[] {
  let count = 0;
  return steps.map((step) => {
    if ('hidden' in step.action) count += 1;
    return { step, secret: `SECRET_${count}` };
  });
}

export function secretNames(steps: readonly Step[]): string[] {
  return withSecrets(steps)
    .filter(({ step }) => 'hidden' in step.action)
    .map(({ secret }) => secret);
}
