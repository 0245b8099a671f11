/** A server of the SDK that refuses malformed requests as such: the SDK reports them as faults of the server. */
import { ProtocolError, ProtocolErrorCode, Server } from '@modelcontextprotocol/server';

type Wrap = Server['_wrapHandler'];

export class CheckingServer extends Server {
  /** The SDK checks the parameters before it calls the handler, and throws at once; a handler of ours rejects later. */
  protected override _wrapHandler(...[method, handler]: Parameters<Wrap>): ReturnType<Wrap> {
    return super._wrapHandler(method, (request, context) => {
      try {
        return handler(request, context);
      } catch (error) {
        if (error instanceof ProtocolError) throw error;
        const problem = error instanceof Error ? error.message : String(error);
        throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Malformed ${method}: ${problem}`);
      }
    });
  }
}
