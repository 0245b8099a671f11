/** What session.type sends, read from its parameters. */
import { interpretEscapes } from '@pilotty/terminal';

export interface TypedParams {
  text?: string | undefined;
  data_base64?: string | undefined;
  escapes: boolean;
}

/**
 * @param explained turns what cannot be interpreted into the error of its caller
 * @throws what interpretEscapes does for an escape that there is not, unless it is explained
 */
export function bytesToType(
  { text = '', data_base64: data, escapes }: TypedParams,
  explained: (interpret: () => Uint8Array) => Uint8Array = (interpret) => interpret(),
): Uint8Array {
  if (data !== undefined) return Buffer.from(data, 'base64');
  return escapes ? explained(() => interpretEscapes(text)) : Buffer.from(text);
}
