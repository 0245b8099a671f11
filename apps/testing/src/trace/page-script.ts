/** What the page of a trace does. It stands in the page as it is, and is plain JavaScript for every browser of today. */
export const pageScript = String.raw`
const data = JSON.parse(document.getElementById('data').textContent);
const byId = (id) => document.getElementById(id);
const make = (name, className, text) => {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
};
const seconds = (ms) => (ms / 1000).toFixed(3) + ' s';
const failed = data.steps.filter((step) => step.failure !== undefined);
const last = failed[failed.length - 1];

const heading = document.querySelector('h1');
heading.append(make('span', last ? 'badge bad' : 'badge', last ? 'failed' : 'trace'), data.title);
const facts = { program: data.command, ...data.conditions, 'test file': data.testFile, ended: data.exit, took: seconds(data.duration), at: data.startedAt };
for (const [name, value] of Object.entries(facts)) {
  if (value === undefined) continue;
  const fact = make('span', '', name + ' ');
  fact.append(make('b', '', value));
  byId('facts').append(fact);
}
for (const [what, count] of Object.entries(data.dropped)) if (count > 0) byId('facts').append(make('span', '', 'the oldest ' + count + ' ' + what + ' are not kept'));
if (last) {
  byId('failure').hidden = false;
  // The screen is below.
  byId('failure').textContent = last.failure.split('\n\nThe screen (')[0];
}

const span = Math.max(1, data.duration);
const place = (ms) => (100 * Math.min(1, ms / span)) + '%';
for (const frame of data.frames) {
  const mark = make('i');
  mark.style.left = place(frame.at);
  byId('marks').append(mark);
}
for (const step of data.steps) {
  const mark = make('i', step.kind + (step.failure === undefined ? '' : ' failed'));
  mark.style.left = place(step.failure === undefined ? step.at_ms : step.at_ms + step.duration_ms);
  mark.title = step.title;
  byId('marks').append(mark);
}

/** The last screen that there was then. */
const frameAt = (ms) => {
  let found = 0;
  for (let index = 0; index < data.frames.length; index++) if (data.frames[index].at <= ms + 0.001) found = index;
  return found;
};
const frameOf = (step) => {
  let found = 0;
  for (let index = 0; index < data.frames.length; index++) if (data.frames[index].revision <= step.revision) found = index;
  return found;
};
const buttons = data.steps.map((step) => {
  const button = make('button', 'step ' + step.kind + (step.failure === undefined ? '' : ' failed'));
  button.append(make('time', '', seconds(step.at_ms)), make('span', '', step.title.replace(/^expect\(screen\)\.?/, '')));
  if (step.duration_ms >= 1 && step.kind !== 'note') button.append(make('small', '', Math.round(step.duration_ms) + ' ms'));
  button.onclick = () => { stop(); show(frameOf(step), step.at_ms + step.duration_ms); };
  byId('steps').append(button);
  return button;
});

let current = 0;
let time = 0;
let tab = 'Output';
function show(index, at) {
  if (data.frames.length === 0) return;
  current = Math.max(0, Math.min(data.frames.length - 1, index));
  const frame = data.frames[current];
  time = at === undefined ? frame.at : at;
  draw(frame, data.frames[current - 1]);
  byId('now').style.left = place(time);
  byId('line').setAttribute('aria-valuemax', Math.round(span));
  byId('line').setAttribute('aria-valuenow', Math.round(time));
  byId('where').textContent = seconds(time) + ', screen ' + (current + 1) + ' of ' + data.frames.length + (frame.title ? ', title “' + frame.title + '”' : '');
  let step = -1;
  data.steps.forEach((one, index) => { if (one.at_ms + one.duration_ms <= time + 0.001) step = index; });
  buttons.forEach((button, index) => button.setAttribute('aria-current', index === step));
  if (step >= 0) buttons[step].scrollIntoView({ block: 'nearest' });
  drawTab();
}
function draw(frame, before) {
  const screen = byId('screen');
  screen.replaceChildren();
  screen.style.minWidth = 'calc(' + frame.size.cols + 'ch + 18px)';
  frame.rows.forEach((number, row) => {
    const line = make('div', before && before.rows[row] !== number ? 'changed' : '');
    for (const [text, columns, css] of data.rows[number]) {
      const piece = make('span', '', text);
      piece.style.cssText = css + ';width:' + columns + 'ch';
      line.append(piece);
    }
    if (frame.cursor.visible && frame.cursor.row === row) {
      const cursor = make('span', 'cursor ' + frame.cursor.shape);
      cursor.style.left = frame.cursor.col + 'ch';
      line.append(cursor);
    }
    screen.append(line);
  });
}

const tabs = ['Output', 'Steps as text', ...data.logs.map((log) => log.name)];
for (const name of tabs) {
  const button = make('button', '', name);
  button.setAttribute('role', 'tab');
  button.onclick = () => { tab = name; drawTab(); };
  byId('tabs').append(button);
}
function drawTab() {
  for (const button of byId('tabs').children) button.setAttribute('aria-selected', button.textContent === tab);
  const log = data.logs.find((log) => log.name === tab);
  const output = () => data.output.filter((piece) => piece.at <= time + 0.001).slice(-40).map((piece) => '[' + seconds(piece.at) + '] ' + piece.text).join('\n');
  const steps = () => data.steps.map((step) => seconds(step.at_ms) + '  ' + step.title + (step.failure === undefined ? '' : '   FAILED')).join('\n');
  byId('tab').textContent = log ? log.text : tab === 'Output' ? output() || '(nothing was printed yet)' : steps();
  if (tab === 'Output') byId('tab').scrollTop = byId('tab').scrollHeight;
}

let player;
function stop() {
  cancelAnimationFrame(player);
  player = undefined;
  byId('play').textContent = '▶ Play';
}
byId('play').onclick = () => {
  if (player !== undefined) return stop();
  byId('play').textContent = '⏸ Pause';
  const from = time >= span - 1 ? 0 : time;
  const began = performance.now();
  const go = () => {
    const at = from + performance.now() - began;
    if (at >= span) { show(frameAt(span), span); return stop(); }
    show(frameAt(at), at);
    player = requestAnimationFrame(go);
  };
  player = requestAnimationFrame(go);
};
byId('back').onclick = () => { stop(); show(current - 1); };
byId('on').onclick = () => { stop(); show(current + 1); };
byId('line').onpointerdown = (event) => {
  stop();
  const move = (event) => {
    const box = byId('line').getBoundingClientRect();
    const at = span * Math.max(0, Math.min(1, (event.clientX - box.left) / box.width));
    show(frameAt(at), at);
  };
  move(event);
  byId('line').setPointerCapture(event.pointerId);
  byId('line').onpointermove = move;
};
byId('line').onpointerup = () => { byId('line').onpointermove = null; };
document.onkeydown = (event) => {
  if (event.key === 'ArrowLeft') byId('back').click();
  else if (event.key === 'ArrowRight') byId('on').click();
  else if (event.key === ' ' && event.target === document.body) byId('play').click();
  else return;
  event.preventDefault();
};
show(last ? frameOf(last) : data.frames.length - 1, last ? last.at_ms + last.duration_ms : undefined);
`;
