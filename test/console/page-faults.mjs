// Runs in every page of the console that a test looks at: what is wrong with the page as it stands.

/* global CSS, document, getComputedStyle, innerWidth, NodeFilter */

/** WCAG 2.2, 1.4.3. Large text may have less; none here needs to. */
const contrastLeast = 4.5;

/** Data, and what the server says in its own words. */
const dataIn =
  '.mono, code, pre, kbd, option, input, textarea, [role=alert], [lang=en]:not(html), [translate=no]';

const controls =
  'a[href], button, input, select, textarea, summary, [tabindex]:not([tabindex="-1"]), [role=tab], [role=button]';

function faultsOfPage() {
  return [...faultsOfFrame(), ...faultsOfNames(), ...faultsOfContrast()];
}

function faultsOfFrame() {
  const faults = [];
  const headings = [...document.querySelectorAll('h1')].filter(isSeen);
  if (headings.length !== 1) faults.push(`${headings.length} headings of the first rank`);
  if (!/^\S.* · Millrace$/.test(document.title)) faults.push(`the title is "${document.title}"`);
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) {
    faults.push(`${scrollWidth - clientWidth} pixels wider than the window: ${widest(clientWidth)}`);
  }
  const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) faults.push(`the id ${twice} is there twice`);
  return faults;
}

function widest(width) {
  const wide = [...document.body.querySelectorAll('*')].filter((element) => {
    return element.getBoundingClientRect().right > width + 1 && scrollerOf(element) === null;
  });
  return wide.slice(-1).map(nameOf).join('');
}

/** What an element scrolls in, but for the document. */
function scrollerOf(element) {
  for (
    let above = element.parentElement;
    above !== null && above !== document.body;
    above = above.parentElement
  ) {
    if (/auto|scroll|hidden|clip/.test(getComputedStyle(above).overflowX)) return above;
  }
  return null;
}

function faultsOfNames() {
  const seen = [...document.querySelectorAll(controls)].filter(isSeen);
  return seen
    .filter((element) => accessibleName(element) === '')
    .map((element) => `no name: ${nameOf(element)}`);
}

/** As much of "Accessible Name and Description Computation 1.2" as the console uses. */
function accessibleName(element) {
  const byId = (element.getAttribute('aria-labelledby') ?? '')
    .split(' ')
    .map((id) => document.getElementById(id)?.textContent ?? '')
    .join(' ');
  const label =
    element.labels === undefined || element.labels === null ? '' : [...element.labels].map(spoken).join(' ');
  const isField = /^(input|select|textarea)$/i.test(element.tagName);
  const own = isField ? '' : spoken(element);
  const names = [byId, element.getAttribute('aria-label'), label, own, element.getAttribute('title')];
  return names.map((name) => name?.trim() ?? '').find((name) => name !== '') ?? '';
}

function spoken(element) {
  if (element.getAttribute('aria-hidden') === 'true') return '';
  if (element.hasAttribute('aria-label')) return element.getAttribute('aria-label');
  return [...element.childNodes]
    .map((node) => (node.nodeType === 3 ? node.data : node.nodeType === 1 ? spoken(node) : ''))
    .join('');
}

function faultsOfContrast() {
  const faults = new Map();
  for (const { element, color } of textsSeen()) {
    const ground = groundOf(element);
    const text = over(withAlpha(colorOf(color), opacityOf(element)), ground);
    const ratio = contrast(text, ground);
    if (ratio >= contrastLeast) continue;
    faults.set(`${nameOf(element)} ${element.className?.baseVal ?? element.className}`, ratio.toFixed(2));
  }
  return [...faults].map(([name, ratio]) => `contrast ${ratio} : 1 of ${name}`);
}

/** Texts and placeholders in sight. What is disabled may be paler (WCAG 2.2, 1.4.3, "Incidental"). */
function textsSeen() {
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement;
    if (node.data.trim() === '' || !isSeen(element) || element.closest('option, :disabled') !== null)
      continue;
    const style = getComputedStyle(element);
    texts.push({ element, color: element instanceof SVGElement ? style.fill : style.color });
  }
  for (const element of document.querySelectorAll('input, textarea, select')) {
    if (!isSeen(element) || element.disabled) continue;
    texts.push({ element, color: getComputedStyle(element).color });
    if (element.placeholder) texts.push({ element, color: getComputedStyle(element, '::placeholder').color });
  }
  return texts;
}

function isSeen(element) {
  if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return false;
  for (let above = element; above !== null; above = above.parentElement) {
    const { clipPath, position } = getComputedStyle(above);
    if (position === 'absolute' && clipPath === 'inset(50%)') return false;
  }
  const { width, height } = element.getBoundingClientRect();
  return width > 0 && height > 0;
}

/** What is painted behind an element; of a drawing's text, the last shape before it that it stands on. */
function groundOf(element) {
  const layers = [];
  if (element instanceof SVGElement) layers.push(...shapesBehind(element));
  for (let above = element; above !== null; above = above.parentElement) {
    layers.push(withAlpha(colorOf(getComputedStyle(above).backgroundColor), 1));
  }
  return layers.reverse().reduce((ground, layer) => over(layer, ground), [255, 255, 255, 1]);
}

function shapesBehind(text) {
  const own = text.getBoundingClientRect();
  const shapes = [...text.ownerSVGElement.querySelectorAll('rect, path')].filter((shape) => {
    const { left, right, top, bottom } = shape.getBoundingClientRect();
    const isBefore = (shape.compareDocumentPosition(text) & 4) !== 0;
    const isBehind =
      left <= own.left + 1 && right >= own.right - 1 && top <= own.top + 4 && bottom >= own.bottom - 4;
    return isBefore && isBehind && getComputedStyle(shape).fill !== 'none';
  });
  return shapes.reverse().map((shape) => {
    const { fill, fillOpacity, opacity } = getComputedStyle(shape);
    return withAlpha(colorOf(fill), Number(fillOpacity) * Number(opacity));
  });
}

function opacityOf(element) {
  let opacity = 1;
  for (let above = element; above !== null; above = above.parentElement)
    opacity *= Number(getComputedStyle(above).opacity);
  return opacity;
}

const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
const colors = new Map();

/** Red, green and blue from 0 to 255, and alpha to 1, of whatever a style says. */
function colorOf(text) {
  if (!colors.has(text)) {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = text;
    canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
    colors.set(text, [red, green, blue, alpha / 255]);
  }
  return colors.get(text);
}

function withAlpha([red, green, blue, alpha], factor) {
  return [red, green, blue, alpha * factor];
}

function over([red, green, blue, alpha], ground) {
  return [red, green, blue].map((value, index) => value * alpha + ground[index] * (1 - alpha));
}

function contrast(one, other) {
  const [darker, lighter] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

/** WCAG 2.2, "relative luminance". */
function luminance(color) {
  const [red, green, blue] = color.slice(0, 3).map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function nameOf(element) {
  const text = (element.textContent ?? '').trim().slice(0, 30);
  return `<${element.tagName.toLowerCase()}> "${text}"`;
}

/** All that is written or said in the page, but what is data: in the type of data, or in a field. */
function wordsOfPage() {
  const texts = textsSeen()
    .filter(({ element }) => element.closest(dataIn) === null)
    .map(({ element }) =>
      [...element.childNodes].map((node) => (node.nodeType === 3 ? node.data : '')).join(''),
    );
  const said = ['aria-label', 'title', 'placeholder'].flatMap((name) =>
    [...document.querySelectorAll(`[${name}]`)]
      .filter((element) => element.closest(dataIn) === null)
      .map((element) => element.getAttribute(name)),
  );
  return [...new Set([...texts, ...said, document.title].map((text) => text.trim()))].filter((text) =>
    /\p{L}{2}/u.test(text),
  );
}

/** Where in the page's own part the focus is, and whether one sees it there. */
function focusOfPage() {
  const element = document.activeElement;
  if (element?.closest('main') == null) return null;
  const marked = [element, ...element.querySelectorAll('*')].some((each) => {
    const { outlineStyle, outlineWidth, strokeWidth } = getComputedStyle(each);
    const isDrawnThick = each instanceof SVGElement && parseFloat(strokeWidth) >= 3;
    return isDrawnThick || (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0);
  });
  element.dataset.visited = '';
  // A field of several parts has the browser's own mark in the part that the focus is in.
  if (element.type === 'datetime-local') return { name: nameOf(element), isMarked: true };
  return { name: nameOf(element), isMarked: marked };
}

/** Where Tab leads, whether or not it did so far. */
function tabStopsMissed() {
  const radios = (element) => element.type === 'radio' && !element.checked;
  return [...document.querySelectorAll('main *')]
    .filter(
      (element) =>
        element.matches(controls) &&
        isSeen(element) &&
        !element.disabled &&
        element.tabIndex >= 0 &&
        !radios(element),
    )
    .filter((element) => element.dataset.visited === undefined)
    .map(nameOf);
}

globalThis.pageFaults = {
  /** In both themes, a sentence each. */
  faults: () => ['light', 'dark'].flatMap((theme) => faultsIn(theme).map((fault) => `${theme}: ${fault}`)),
  words: wordsOfPage,
  focus: focusOfPage,
  tabStopsMissed,
};

/** The page looks as if one had chosen the theme. */
function faultsIn(theme) {
  const { dataset } = document.documentElement;
  const before = dataset.theme;
  dataset.theme = theme;
  const faults = faultsOfPage();
  if (before === undefined) delete dataset.theme;
  else dataset.theme = before;
  return faults;
}
