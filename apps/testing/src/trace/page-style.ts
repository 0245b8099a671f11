/** How the page of a trace looks. A row is as high as the glyphs of a box are in monospaced fonts, so that lines join. */
export const pageStyle = `
:root{color-scheme:dark;--ink:#e6e9ef;--dim:#9aa3b2;--ground:#14171d;--panel:#1c2028;--edge:#2e3440;--act:#6cb6ff;--good:#5fd38d;--bad:#ff7b72}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:14px/1.45 system-ui,sans-serif;height:100vh;display:flex;flex-direction:column}
header{padding:12px 18px 8px}
h1{font-size:17px;margin:0 0 4px;font-weight:600}
h1 .badge{font-size:12px;padding:2px 9px;border-radius:9px;margin-right:9px;vertical-align:1px;color:#10131a;background:var(--good)}
h1 .badge.bad{background:var(--bad)}
#facts{color:var(--dim);display:flex;flex-wrap:wrap;gap:3px 18px;font-size:13px}
#facts b{color:var(--ink);font-weight:500}
pre{font:13px/1.4 ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace;margin:0;white-space:pre-wrap;overflow-wrap:anywhere}
#failure{margin:4px 18px 8px;padding:9px 13px;background:#3a1d20;border-left:4px solid var(--bad);border-radius:4px;max-height:9.5em;overflow:auto;flex:none}
#line{position:relative;height:38px;margin:4px 18px 10px;background:var(--panel);border:1px solid var(--edge);border-radius:5px;cursor:pointer;flex:none}
#line:focus-visible,button:focus-visible,.step:focus-visible{outline:2px solid var(--act);outline-offset:1px}
#line i{position:absolute;bottom:3px;width:1px;height:9px;background:#596273}
#line i.act,#line i.assertion,#line i.note{top:3px;width:4px;margin-left:-2px;height:17px;border-radius:2px;background:var(--act)}
#line i.assertion{background:var(--good)}#line i.note{background:#b9a3ff}#line i.failed{background:var(--bad);height:30px}
#now{position:absolute;top:-3px;bottom:-3px;width:2px;margin-left:-1px;background:#fff;pointer-events:none}
main{flex:1;min-height:0;display:flex;gap:14px;padding:0 18px 14px}
nav{width:330px;flex:none;overflow:auto;background:var(--panel);border:1px solid var(--edge);border-radius:5px}
.step{display:grid;grid-template-columns:62px 1fr;width:100%;padding:5px 10px;border:0;border-left:3px solid transparent;background:none;color:inherit;font:inherit;text-align:left;cursor:pointer}
.step:hover{background:#252a34}
.step[aria-current=true]{background:#2a3140;border-left-color:var(--act)}
.step time{color:var(--dim);font-variant-numeric:tabular-nums}
.step span{overflow-wrap:anywhere}
.step span::before{content:'⌨ ';color:var(--act)}
.step.assertion span::before{content:'✓ ';color:var(--good)}
.step.note span::before{content:'§ ';color:#b9a3ff}
.step.failed span{color:var(--bad)}.step.failed span::before{content:'✗ ';color:var(--bad)}
.step small{grid-column:2;color:var(--dim)}
section{flex:1;min-width:0;display:flex;flex-direction:column;overflow:auto}
#bar{display:flex;align-items:center;gap:6px;margin-bottom:8px;color:var(--dim);font-variant-numeric:tabular-nums}
button{background:var(--panel);color:var(--ink);border:1px solid var(--edge);border-radius:5px;padding:3px 11px;font:inherit;cursor:pointer}
#where{margin-left:8px}
#screen{flex:none;align-self:flex-start;background:#000;color:#e5e5e5;border:1px solid var(--edge);border-radius:5px;padding:8px;font:14px/16px ui-monospace,Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace;font-variant-ligatures:none;white-space:pre;max-width:100%;overflow:auto}
#screen div{height:16px;position:relative}
#screen span{display:inline-block;height:16px;vertical-align:top}
#screen .cursor{position:absolute;top:0;width:1ch;height:16px;background:#e5e5e5;mix-blend-mode:difference}
#screen .cursor.underline{top:14px;height:2px}#screen .cursor.bar{width:2px}
#screen div.changed::before{content:'';position:absolute;left:-8px;width:3px;height:16px;background:var(--act)}
#tabs{display:flex;gap:6px;margin:12px 0 6px}
#tabs button[aria-selected=true]{background:#2a3140;border-color:var(--act)}
#tab{background:var(--panel);border:1px solid var(--edge);border-radius:5px;padding:9px 12px;min-height:4.5em;flex:1 0 auto;max-height:22em;overflow:auto}
@media(max-width:900px){main{flex-direction:column}nav{width:auto;max-height:12em}body{height:auto}}
`;
