/** From a request to an answer: access checks, the table of routes, and the headers of every answer. */
import { brotliCompressSync, constants } from 'node:zlib';
import { RequestError } from '@pilotty/client';
import { type Context, Hono } from 'hono';
import { cors } from 'hono/cors';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { secureHeaders } from 'hono/secure-headers';
import type { Access } from './access/access.ts';
import type { Permissions } from './access/grant.ts';
import { readOnly } from './access/guarded-client.ts';
import type { DaemonLink } from './daemon-link.ts';
import { docsPage } from './docs-page.ts';
import { errorResponse } from './errors.ts';
import { openApiOf } from './openapi.ts';
import type { PageFile } from './page.ts';
import { parseRequest } from './parse-request.ts';
import { routes } from './routes/index.ts';
import type { Bindings, Route } from './routes/route.ts';

export interface AppOptions {
  access: Access;
  daemon: DaemonLink;
  page: ReadonlyMap<string, PageFile>;
  basePath: string;
  env: Readonly<Record<string, string | undefined>>;
}

/** Our own files only; styles and scripts that stand in a page do not run. */
const SECURE_HEADERS: Parameters<typeof secureHeaders>[0] = {
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", 'data:', 'blob:'],
    fontSrc: ["'self'", 'data:'],
    connectSrc: ["'self'"],
    manifestSrc: ["'self'"],
    workerSrc: ["'self'", 'blob:'],
    baseUri: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
  },
  xFrameOptions: 'DENY',
  permissionsPolicy: { camera: [], microphone: [], geolocation: [] },
  // A browser that has once seen it would refuse every other server on localhost that has no certificate.
  strictTransportSecurity: false,
  // A route may be stricter.
  overwrite: false,
};

/** What MCP clients send, by the version of its protocol. */
const MCP_HEADERS = ['mcp-protocol-version', 'mcp-method', 'mcp-name', 'mcp-session-id'];

/** The page has no scripts; its style is inline. */
const DOCS_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";

export function createApp(options: AppOptions): Hono<Bindings> {
  const { access, page, basePath } = options;
  // A slash at the end of a path means nothing.
  const app = new Hono<Bindings>({ strict: false });
  const at = (path: string) => `${basePath}${path}`;
  const allowNamedOrigins = cors({
    origin: (_origin, context: Context<Bindings>) => access.corsOrigin(context.env.incoming),
    allowMethods: ['GET', 'POST', 'PATCH', 'DELETE'],
    allowHeaders: ['authorization', 'content-type', 'last-event-id', 'pilotty-scope', ...MCP_HEADERS],
    maxAge: 600,
  });

  app.use(secureHeaders(SECURE_HEADERS));
  app.use(async (context, next) => {
    await next();
    if (!context.res.headers.has('cache-control')) context.header('cache-control', 'no-store');
  });
  // Before the access checks, so that an allowed page can also read why it is refused; a preflight passes them first.
  app.use((context, next) => (isPreflight(context) ? next() : allowNamedOrigins(context, next)));
  app.use(methodNotAllowed({ app, onMethodNotAllowed }));
  app.use((context, next) => {
    access.checkFrom(context.env.incoming);
    return isPreflight(context) ? allowNamedOrigins(context, next) : next();
  });

  if (basePath !== '') app.get(basePath, (context) => context.redirect(`${basePath}/`, 308));
  for (const [path, file] of page)
    app.get(at(`/${path}`), ({ req }) => fileResponse(file, req.header('accept-encoding')));
  for (const route of routes.filter(({ isPublic }) => isPublic)) add(app, at(route.path), route, options);

  app.use(async (context, next) => {
    context.set('grant', access.checkToken(context.env.incoming, context.env.outgoing));
    await next();
  });
  const openApi = openApiOf(routes, basePath);
  const openApiFile = { bytes: Buffer.from(JSON.stringify(openApi)), type: 'application/json' };
  app.get(at('/openapi.json'), ({ req }) => {
    const file = { ...openApiFile, cacheControl: 'no-store', brotli: compressedOnce(openApiFile.bytes) };
    return fileResponse(file, req.header('accept-encoding'));
  });
  app.get(
    at('/docs'),
    () =>
      new Response(docsPage(openApi), {
        headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': DOCS_POLICY },
      }),
  );
  for (const route of routes.filter(({ isPublic }) => !isPublic)) add(app, at(route.path), route, options);
  let mcp: ReturnType<typeof loadMcp> | undefined;
  app.on(['POST', 'GET', 'DELETE'], at('/mcp'), async (context) => {
    mcp ??= loadMcp(options);
    return (await mcp).answer(context.req.raw, permissionsIn(context, access));
  });

  app.notFound(({ req }) => errorResponse(noRoute(req)));
  app.onError((error) => errorResponse(error));
  return app;
}

async function loadMcp({ daemon, env }: AppOptions) {
  const { mcpHandler } = await import('./mcp.ts');
  return mcpHandler(daemon, env);
}

/** Without a grant nothing is: a public route asks the daemon for nothing. */
function permissionsIn(context: Context<Bindings>, access: Access): Permissions {
  const grant = context.get('grant');
  return grant === undefined ? { readOnly: true, sessions: [] } : access.permissionsOf(grant);
}

function add(app: Hono<Bindings>, path: string, route: Route, { access, daemon }: AppOptions): void {
  app.on(route.method, path, async (http) => {
    const grant = http.get('grant');
    const permissions = permissionsIn(http, access);
    if (!route.isPublic && permissions.readOnly && route.effect === 'changes')
      throw readOnly(`${route.method} ${route.path}`);
    const given = await parseRequest(route, http.req);
    const as = http.req.header('pilotty-client');
    const scope = http.req.header('pilotty-scope') || undefined;
    return daemon.use({ signal: http.req.raw.signal, as, scope, grant, permissions }, async (connection) => {
      const answer = await route.run(given, { daemon: connection, access, grant, http });
      if (!(answer instanceof Response)) return Response.json(answer, { status: route.status ?? 200 });
      // hono drops the body, and nothing else would ever end a stream.
      if (http.req.method === 'HEAD') await answer.body?.cancel();
      return answer;
    });
  });
}

function fileResponse({ bytes, brotli, type, cacheControl }: PageFile, acceptEncoding = ''): Response {
  const isCompressed = brotli !== undefined && takesBrotli(acceptEncoding);
  return new Response(new Uint8Array(isCompressed ? brotli : bytes), {
    headers: {
      'content-type': type,
      'cache-control': cacheControl,
      ...(brotli && { vary: 'accept-encoding' }),
      ...(isCompressed && { 'content-encoding': 'br' }),
    },
  });
}

/** https://www.rfc-editor.org/rfc/rfc9110#field.accept-encoding: a weight of 0 means not at all. */
function takesBrotli(acceptEncoding: string): boolean {
  const weights = acceptEncoding.split(',').map((coding) => {
    const [name = '', ...parameters] = coding.split(';').map((part) => part.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1';
    return [name, Number(weight)] as const;
  });
  return (new Map(weights).get('br') ?? new Map(weights).get('*') ?? 0) > 0;
}

const compressions = new WeakMap<Buffer, Buffer>();

/** Quickly, because the first client waits for it. */
function compressedOnce(bytes: Buffer): Buffer {
  const known = compressions.get(bytes);
  if (known) return known;
  const compressed = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } });
  compressions.set(bytes, compressed);
  return compressed;
}

function isPreflight({ req }: Context): boolean {
  return req.method === 'OPTIONS';
}

function onMethodNotAllowed({ req }: Context, methods: string[]): Response {
  const allow = methods.join(', ');
  const body = noRoute(req, `; allowed: ${allow}`).toBody();
  return Response.json(body, { status: 405, headers: { allow } });
}

function noRoute({ method, path }: Context['req'], more = ''): RequestError {
  return new RequestError('NOT_FOUND', `No route ${method} ${path}${more}`);
}
