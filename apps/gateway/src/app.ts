/** From a request to an answer: the door, the table of routes, and the headers every answer carries. */
import type { HttpBindings } from '@hono/node-server';
import { RequestError } from '@pilotty/client';
import { type Context, Hono } from 'hono';
import type { Access } from './access/access.ts';
import type { DaemonLink } from './daemon-link.ts';
import { docsPage } from './docs-page.ts';
import { errorResponse } from './errors.ts';
import { openApiOf } from './openapi.ts';
import type { PageFile } from './page.ts';
import { parseRequest } from './parse-request.ts';
import { routes } from './routes/index.ts';
import type { Route } from './routes/route.ts';

export interface AppOptions {
  access: Access;
  daemon: DaemonLink;
  page: ReadonlyMap<string, PageFile>;
  basePath: string;
  env: Readonly<Record<string, string | undefined>>;
}

type Bindings = { Bindings: HttpBindings };

/** Our own files only; styles and scripts that stand in a page do not run. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self' blob:",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
  'cache-control': 'no-store',
};

/** Without scripts, so only its style needs a leave. */
const DOCS_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";

export function createApp(options: AppOptions): Hono<Bindings> {
  const { access, page, basePath } = options;
  // A slash at the end of a path means nothing.
  const app = new Hono<Bindings>({ strict: false });
  const at = (path: string) => `${basePath}${path}`;

  app.use(async (context, next) => {
    const { incoming } = context.env;
    await next();
    const { headers } = context.res;
    for (const [name, value] of Object.entries(HEADERS)) if (!headers.has(name)) headers.set(name, value);
    const origin = access.corsOrigin(incoming);
    if (origin === undefined) return;
    headers.set('access-control-allow-origin', origin);
    headers.set('cross-origin-resource-policy', 'cross-origin');
    headers.append('vary', 'origin');
  });
  app.use(async (context, next) => {
    access.checkFrom(context.env.incoming);
    await next();
  });
  app.options('*', (context) => preflight(context, access));

  if (basePath !== '') app.get(basePath, (context) => context.redirect(`${basePath}/`, 308));
  for (const [path, file] of page) app.get(at(`/${path}`), () => fileResponse(file));
  for (const route of routes.filter(({ isPublic }) => isPublic)) add(app, at(route.path), route, options);

  app.use(async (context, next) => {
    access.checkToken(context.env.incoming);
    await next();
  });
  const openApi = openApiOf(routes, basePath);
  app.get(at('/openapi.json'), () => Response.json(openApi));
  app.get(
    at('/docs'),
    () =>
      new Response(docsPage(openApi), {
        headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': DOCS_POLICY },
      }),
  );
  for (const route of routes.filter(({ isPublic }) => !isPublic)) add(app, at(route.path), route, options);

  app.notFound((context) => notFound(context, basePath));
  app.onError((error) => errorResponse(error));
  return app;
}

function add(app: Hono<Bindings>, path: string, route: Route, { access, daemon, env }: AppOptions): void {
  app.on(route.method, path, async (context) => {
    const { incoming } = context.env;
    const given = await parseRequest(route, context.req.raw, context.req.param());
    return daemon.use(context.req.raw.signal, async (asking) => {
      const answer = await route.run(given, { daemon: asking, access, incoming, env });
      return answer instanceof Response ? answer : Response.json(answer, { status: route.status ?? 200 });
    });
  });
}

function fileResponse({ bytes, type, cacheControl }: PageFile): Response {
  return new Response(new Uint8Array(bytes), {
    headers: { 'content-type': type, 'cache-control': cacheControl },
  });
}

/** A browser asks before it sends a request of a page that is not ours. */
function preflight(context: Context<Bindings>, access: Access): Response {
  const { incoming } = context.env;
  if (access.corsOrigin(incoming) === undefined) {
    throw new RequestError('FORBIDDEN', 'Cross-origin requests are not allowed');
  }
  return new Response(null, {
    status: 204,
    headers: {
      'access-control-allow-methods': 'GET, POST, PATCH, DELETE',
      'access-control-allow-headers': 'authorization, content-type, last-event-id',
      'access-control-max-age': '600',
    },
  });
}

function notFound(context: Context<Bindings>, basePath: string): Response {
  const { method, path } = context.req;
  const others = routes.filter((route) => patternOf(`${basePath}${route.path}`).test(path));
  const allowed = [...new Set(others.map((route) => route.method))];
  const has = allowed.length > 0 ? `; it has ${allowed.join(', ')}` : '';
  const error = new RequestError('NOT_FOUND', `No route ${method} ${path}${has}`);
  if (allowed.length === 0) return errorResponse(error);
  return Response.json(error.toBody(), { status: 405, headers: { allow: allowed.join(', ') } });
}

function patternOf(path: string): RegExp {
  const escaped = path.replaceAll(/[.\\+*?()[\]{}|^$]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll(/:\w+/g, '[^/]+')}/?$`);
}
