/** The trace as one HTML file that needs no network, and may ask for none. */

import { pageScript } from './page-script.ts';
import { pageStyle } from './page-style.ts';
import type { Trace } from './trace.ts';
import { traceData } from './trace-data.ts';

export interface PageFacts {
  title: string;
  command: string;
  testFile: string | undefined;
  conditions: Readonly<Record<string, string>>;
  exit: string | undefined;
  logs: readonly { name: string; text: string }[];
}

export function tracePage(trace: Trace, facts: PageFacts): string {
  const data = { ...facts, ...traceData(trace) };
  // What a program has printed must not end the element that it stands in.
  const json = JSON.stringify(data).replaceAll('<', '\\u003c');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>${escaped(facts.title)} – pilotty trace</title>
<style>${pageStyle}</style>
</head>
<body>
<script type="application/json" id="data">${json}</script>
<header><h1></h1><div id="facts"></div></header>
<pre id="failure" hidden></pre>
<div id="line" role="slider" tabindex="0" aria-label="Time" aria-valuemin="0"><div id="marks"></div><div id="now"></div></div>
<main>
<nav id="steps" aria-label="Steps"></nav>
<section>
<div id="bar"><button id="back" aria-label="Screen before">◀</button><button id="play">▶ Play</button><button id="on" aria-label="Screen after">▶</button><span id="where"></span></div>
<div id="screen" role="img" aria-label="The screen"></div>
<div id="tabs" role="tablist"></div>
<pre id="tab"></pre>
</section>
</main>
<script>${pageScript}</script>
</body>
</html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
