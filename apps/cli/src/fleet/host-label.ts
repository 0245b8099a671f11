import { UsageError } from '../usage-error.ts';

/** What hosts of a fleet are chosen by. @throws UsageError */
export function hostLabel(given: string): [name: string, content: string] {
  const [, name, content] = /^([A-Za-z0-9._-]{1,63})=([A-Za-z0-9._:/@-]{0,63})$/.exec(given) ?? [];
  if (name !== undefined && content !== undefined) return [name, content];
  throw new UsageError(`is '${given}', and must be NAME=VALUE of letters, digits or ._-`);
}
