/** The client in a browser: the same conversation, over a WebSocket to the gateway that served the page. */
export {
  type ErrorBody,
  type ErrorCode,
  type MethodName,
  type Params,
  RequestError,
  type Result,
  type StreamEvent,
  VERSION,
} from '@pilotty/protocol';
export { type Client, type ClientOptions, ConnectedClient, type RequestOptions } from './client.ts';
export { ConnectionError } from './connection-error.ts';
export { connectWebSocket } from './websocket.ts';
