/** The envelope of every message: what is read as a request or an answer, and what is refused without being run. */
import { expect, test } from 'vitest';
import {
  cancelledId,
  encodeMessage,
  errorMessage,
  MAX_JSON_DEPTH,
  MAX_JSON_VALUES,
  MAX_MESSAGE_BYTES,
  parseRequest,
  parseServerMessage,
  RequestError,
  requestErrorOf,
  requestMessage,
  resultMessage,
  streamMessage,
  tooManyBytes,
} from '../../packages/protocol/src/index.ts';

test.for([1, -1, 'one', ''])('a request with the id %j is read as it was made', (id) => {
  const params = { text: 'é\n', __proto__: null };
  expect(parseRequest(JSON.stringify(requestMessage(id, 'session.type', params)))).toEqual({
    id,
    method: 'session.type',
    params: { text: 'é\n' },
  });
});

test.for([
  ['no params', '{"jsonrpc":"2.0","method":"m"}', {}],
  ['null as params', '{"jsonrpc":"2.0","method":"m","params":null}', {}],
  ['members it does not know', '{"jsonrpc":"2.0","method":"m","more":1,"params":{"a":1}}', { a: 1 }],
] as const)('a notification with %s is one', ([, text, params]) => {
  expect(parseRequest(text)).toEqual({ id: undefined, method: 'm', params });
});

const request = (members: string) => `{"jsonrpc":"2.0",${members}}`;

test.for([
  ['nothing', '', 'not JSON'],
  ['no JSON', 'spawn vim', 'not JSON'],
  ['half of it', '{"jsonrpc":"2.0","id":1', 'not JSON'],
  ['two at once', `${request('"method":"m"')}${request('"method":"m"')}`, 'not JSON'],
  ['a batch', `[${request('"id":1,"method":"m"')}]`, 'a request is an object'],
  ['null', 'null', 'a request is an object'],
  ['a number', '3', 'a request is an object'],
  ['no version', '{"id":1,"method":"m"}', "'jsonrpc'"],
  ['another version', '{"jsonrpc":"1.0","id":1,"method":"m"}', "'jsonrpc'"],
  ['no method', request('"id":1'), "'method'"],
  ['a method that is a number', request('"id":1,"method":1'), "'method'"],
  ['null as id', request('"id":null,"method":"m"'), "'id'"],
  ['a fraction as id', request('"id":1.5,"method":"m"'), "'id'"],
  ['an id too large to be exact', request('"id":9007199254740993,"method":"m"'), "'id'"],
  ['an object as id', request('"id":{},"method":"m"'), "'id'"],
  ['a number as params', request('"id":1,"method":"m","params":3'), "'params'"],
  ['a list as params', request('"id":1,"method":"m","params":[1]'), "'params'"],
  ['deep params', request(`"id":1,"method":"m","params":${'['.repeat(MAX_JSON_DEPTH)}`), 'levels deep'],
  ['many values', request(`"id":1,"method":"m","params":[${'0,'.repeat(MAX_JSON_VALUES)}0]`), 'values'],
] as const)('refused: %s', ([, text, reason]) => {
  const error = parseRequest(text);
  expect(error).toBeInstanceOf(RequestError);
  expect(error).toMatchObject({ code: 'INVALID_INPUT', message: expect.stringContaining(reason) });
});

test('what is not JSON is not quoted: it may hold a secret', () => {
  const error = parseRequest(request('"method":"session.type","params":{"text":"hunter2",}')) as RequestError;
  expect(JSON.stringify(error.toBody())).not.toContain('hunter');
});

test.for([[{}], [{ id: null }], [{ id: [] }], [{ id: 1.5 }]])('%j ends no request', ([params]) => {
  expect(cancelledId(params as object)).toBeUndefined();
});

test('answers, errors and parts are read as they were made', () => {
  const error = new RequestError('SESSION_NOT_FOUND', 'no x', {
    suggestion: 'look',
    details: { session: 'x' },
  });
  for (const message of [
    resultMessage(1, { type: 'list' }),
    resultMessage('a', null),
    streamMessage(1, { kind: 'output' }),
    errorMessage(null, error.toBody()),
  ]) {
    expect(parseServerMessage(encodeMessage(message))).toEqual(message);
  }
  expect(requestErrorOf(errorMessage(1, error.toBody())).toBody()).toEqual(error.toBody());
  expect(requestErrorOf({ jsonrpc: '2.0', id: 1, error: { code: -1, message: 'x' } })).toMatchObject({
    code: 'INTERNAL_ERROR',
    message: 'x',
  });
});

test.for([
  '',
  'x',
  'null',
  '3',
  '[]',
  '{}',
  '{"id":{},"result":1}',
  '{"method":"stream"}',
  '{"method":"x","id":1}',
])('no server sends %j', (text) => {
  expect(() => parseServerMessage(text)).toThrow();
});

test('a line is too long by its bytes, not by its characters', () => {
  expect(tooManyBytes('x'.repeat(MAX_MESSAGE_BYTES))).toBeUndefined();
  expect(tooManyBytes('x'.repeat(MAX_MESSAGE_BYTES + 1))).toBe(MAX_MESSAGE_BYTES + 1);
  const euros = Math.floor(MAX_MESSAGE_BYTES / 3);
  expect(tooManyBytes('€'.repeat(euros))).toBeUndefined();
  expect(tooManyBytes('€'.repeat(euros + 1))).toBe(3 * (euros + 1));
});
