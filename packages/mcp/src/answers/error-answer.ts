/** Whatever goes wrong, as an answer: code, message, what to try next and, where it was looked at, the screen. */
import { ConnectionError, type ErrorBody, errors, RequestError } from '@pilotty/client';
import { type Answer, facts, printed } from './answer.ts';
import { elementsText, type Screen, screenAnswer } from './screen-text.ts';
import { inToolWords } from './tool-words.ts';

/** @param session that the call was about, for what is suggested */
export function errorAnswer(error: unknown, session?: string): Answer {
  const { code, message, suggestion, details } = bodyOf(error);
  const { screen, elements, sent_bytes: sentBytes } = details ?? {};
  return [
    // It may quote what a program shows.
    ...facts(code),
    ...printed(inToolWords(message, session)),
    ...facts(
      inToolWords(suggestion, session),
      typeof sentBytes === 'number' ? `${sentBytes} bytes of the input were sent` : undefined,
    ),
    ...(Array.isArray(elements) ? printed(elementsText(elements)) : []),
    ...(isScreen(screen) ? screenAnswer(screen) : []),
  ];
}

function bodyOf(error: unknown): ErrorBody {
  if (error instanceof ConnectionError && error.isAbsent) {
    const message = 'No session has been started, and no daemon is running';
    return { code: error.code, message, suggestion: "'pilotty spawn' starts both." };
  }
  if (error instanceof RequestError || error instanceof ConnectionError) return error.toBody();
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'INTERNAL_ERROR', message, suggestion: errors.INTERNAL_ERROR.suggestion };
}

function isScreen(value: unknown): value is Screen {
  return typeof value === 'object' && value !== null && 'cursor' in value && 'revision' in value;
}
