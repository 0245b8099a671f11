/** The environment of a program that is tested: a few variables, the same on every machine. */
import type { Place } from './place.ts';

/** How many colours a program is told that there are. */
export type ColorSupport = 'truecolor' | '256' | 'none';

export interface EnvironmentOptions {
  locale: string;
  color: ColorSupport;
  /** Added last; undefined takes a variable away. */
  env: Readonly<Record<string, string | undefined>>;
}

/** TERM is set by the terminal itself. An empty COLORTERM says nothing, an empty NO_COLOR neither. */
export function environmentOf(
  place: Place,
  { locale, color, env }: EnvironmentOptions,
): Record<string, string | undefined> {
  return {
    PATH: place.path,
    HOME: place.home,
    TMPDIR: place.temporary,
    SHELL: '/bin/sh',
    LANG: locale,
    LC_ALL: locale,
    TZ: 'UTC',
    COLORTERM: color === 'truecolor' ? 'truecolor' : '',
    ...(color === 'none' && { NO_COLOR: '1' }),
    ...env,
  };
}
