/** What session.type sends, read from its parameters. */
import { interpretEscapes } from '@pilotty/terminal';
import { asRequestError } from './as-request-error.ts';
import { withoutQuoting } from './secret-input.ts';

/** @throws RequestError INVALID_INPUT for an escape that there is not */
export function bytesToType(params: {
  text?: string | undefined;
  data_base64?: string | undefined;
  escapes: boolean;
  secret: boolean;
}): Uint8Array {
  if (params.data_base64 !== undefined) return Buffer.from(params.data_base64, 'base64');
  const text = params.text ?? '';
  if (!params.escapes) return Buffer.from(text);
  return params.secret
    ? withoutQuoting(() => interpretEscapes(text))
    : asRequestError(() => interpretEscapes(text));
}
