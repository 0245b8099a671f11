/** Whatever goes wrong, as the one object that every face shows, and its HTTP status. */
import { ConnectionError, type ErrorBody, errors, RequestError } from '@pilotty/client';
import { TooManyRequestsError } from './access/access.ts';

export function errorBodyOf(error: unknown): ErrorBody {
  if (error instanceof RequestError || error instanceof ConnectionError) return error.toBody();
  const message = error instanceof Error ? error.message : String(error);
  return new RequestError('INTERNAL_ERROR', message, { suggestion: 'Please report it.' }).toBody();
}

export function errorResponse(error: unknown): Response {
  const body = errorBodyOf(error);
  return Response.json(body, { status: errors[body.code].httpStatus, headers: errorHeaders(error) });
}

export function errorHeaders(error: unknown): Record<string, string> {
  // Closed, so that a client that sends on without reading has to connect anew for each.
  if (error instanceof TooManyRequestsError) {
    return { 'retry-after': String(error.retryAfterSeconds), connection: 'close' };
  }
  return errorBodyOf(error).code === 'UNAUTHORIZED' ? { 'www-authenticate': 'Bearer realm="pilotty"' } : {};
}
