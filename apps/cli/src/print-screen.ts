/** A screen on its own, in the form that was asked for: text and pictures as they are, everything else as JSON. */
import type { Result } from '@pilotty/client';
import type { Io } from './io.ts';
import { printJson } from './output.ts';
import { UsageError } from './usage-error.ts';

type Screen = NonNullable<Result<'session.key'>['screen']>;

export async function printScreen(screen: Screen, io: Io): Promise<void> {
  const rendered = renderedScreen(screen);
  if (rendered === undefined) await printJson(io.stdout, screen);
  else await io.stdout.write(rendered);
}

/** Undefined where the screen is told as an object. */
export function renderedScreen({ content, data_base64: picture }: Screen): string | Uint8Array | undefined {
  if (content !== undefined) return content.replace(/\n?$/, '\n');
  return picture === undefined ? undefined : Buffer.from(picture, 'base64');
}

/** @throws UsageError */
export function requirePrintable(format: string | undefined, io: Io): void {
  if (format === 'png' && io.stdout.isTty)
    throw new UsageError('a terminal cannot show a PNG', 'Redirect it: > screen.png.');
}
