/**
 * Lets xterm.js style itself under a content security policy without 'unsafe-inline'.
 *
 * xterm.js writes its rules into <style> elements, and the true colours of its DOM renderer into style
 * attributes; `style-src 'self'` forbids both, while the CSSOM stays allowed. So a <style> made on this page hands its text to a constructed style sheet, and a style
 * attribute set by script becomes `element.style`. xterm.js has no option for this: `documentOverride`
 * does not reach its viewport (xterm.js 6.0.0, CoreBrowserTerminal.open).
 */
export function styleThroughObjects(target: Document): void {
  const create = target.createElement.bind(target);
  target.createElement = (name: string, options?: ElementCreationOptions) => {
    // A browser reports a <style> it must not apply even when it is empty.
    if (name === 'style') return adoptedStyle(create('template'), target);
    const element = create(name, options);
    element.setAttribute = setAttribute;
    return element;
  };
}

/** Behaves like a <style> element for the code that fills and removes it. */
function adoptedStyle(element: HTMLElement, target: Document): HTMLElement {
  const sheet = new CSSStyleSheet();
  target.adoptedStyleSheets.push(sheet);
  const remove = element.remove.bind(element);
  Object.defineProperty(element, 'textContent', { set: (rules: string) => sheet.replaceSync(rules) });
  element.remove = () => {
    target.adoptedStyleSheets = target.adoptedStyleSheets.filter((other) => other !== sheet);
    remove();
  };
  return element;
}

function setAttribute(this: HTMLElement, name: string, value: string): void {
  if (name === 'style') this.style.cssText = value;
  else Element.prototype.setAttribute.call(this, name, value);
}
