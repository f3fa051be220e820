import { rounded } from './markdown.ts';

export type Series = {
  readonly name: string;
  readonly points: readonly { readonly at: number; readonly value: number }[];
};

export type Chart = {
  readonly title: string;
  readonly axis: string;
  readonly unit: string;
  readonly series: readonly Series[];
  /** How a place on the axis is written. */
  axisText(at: number): string;
};

/** A line chart as SVG. Colours are the page's classes `s0` to `s4`; marks differ in form, too. */
export function lineChart({ title, axis, unit, series, axisText }: Chart): string {
  const points = series.flatMap((each) => each.points);
  const places = [...new Set(points.map(({ at }) => at))].sort((one, other) => one - other);
  const x = axisScale(places);
  const y = valueScale(points.map(({ value }) => value));
  const described = series.map(
    ({ name, points: own }) =>
      `${name}: ${own.map(({ at, value }) => `${rounded(value)} at ${axisText(at)}`).join(', ')}`,
  );
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(`${title}, in ${unit} by ${axis}`)}">
<desc>${escaped(described.join('; '))}</desc>
${y.ticks.map((tick) => gridLine(y.of(tick), Number(rounded(tick)).toLocaleString('en'))).join('\n')}
${places.map((at) => `<text class="tick" x="${x(at)}" y="${bottom + 16}" text-anchor="middle">${escaped(axisText(at))}</text>`).join('\n')}
<text class="axis" x="${(left + right) / 2}" y="${height - 6}" text-anchor="middle">${escaped(axis)}</text>
<text class="axis" x="${left - 42}" y="12">${escaped(unit)}${y.isLogarithmic ? ', logarithmic' : ''}</text>
${series.map((each, index) => line(each, index, x, y.of)).join('\n')}
</svg>`;
}

/** The mark of a series, for a legend. */
export function mark(index: number): string {
  return `<svg class="mark" viewBox="-6 -6 12 12" aria-hidden="true">${markAt(index, 0, 0)}</svg>`;
}

export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

const [width, height] = [460, 270];
const [left, right, top, bottom] = [52, 436, 26, 222];

function line(
  { name, points }: Series,
  index: number,
  x: (at: number) => number,
  y: (value: number) => number,
) {
  const path = points.map(({ at, value }) => `${round(x(at))},${round(y(value))}`).join(' ');
  const marks = points.map(
    ({ at, value }) =>
      `<g><title>${escaped(name)}: ${rounded(value)}</title>${markAt(index, x(at), y(value))}</g>`,
  );
  return `<polyline class="line s${index}" points="${path}"/>\n${marks.join('')}`;
}

function markAt(index: number, x: number, y: number): string {
  const at = (...corners: [number, number][]) =>
    corners.map(([dx, dy]) => `${round(x + dx)},${round(y + dy)}`).join(' ');
  const forms = [
    `<circle class="dot s${index}" cx="${round(x)}" cy="${round(y)}" r="4"/>`,
    `<polygon class="dot s${index}" points="${at([-4, -4], [4, -4], [4, 4], [-4, 4])}"/>`,
    `<polygon class="dot s${index}" points="${at([0, -5], [5, 4], [-5, 4])}"/>`,
    `<polygon class="dot s${index}" points="${at([0, -5], [5, 0], [0, 5], [-5, 0])}"/>`,
  ];
  return forms[index % forms.length]!;
}

function gridLine(y: number, text: string): string {
  return `<line class="grid" x1="${left}" x2="${right}" y1="${round(y)}" y2="${round(y)}"/><text class="tick" x="${left - 6}" y="${round(y + 4)}" text-anchor="end">${text}</text>`;
}

/**
 * Logarithmic, so that decades are as wide as each other; linear where there is a zero; in the middle where
 * there is one place.
 */
function axisScale(places: readonly number[]): (at: number) => number {
  const [first, last] = [places[0]!, places.at(-1)!];
  const scaled = first > 0 ? Math.log : (at: number) => at;
  const [from, to] = [scaled(first), scaled(last)];
  const inset = 14;
  return (at) =>
    to === from
      ? (left + right) / 2
      : left + inset + ((scaled(at) - from) / (to - from)) * (right - left - 2 * inset);
}

/**
 * From zero, in round steps; logarithmic where the values are too far apart to be seen next to each other.
 */
function valueScale(values: readonly number[]) {
  const positive = values.filter((value) => value > 0);
  const known = positive.length > 0 ? positive : [1];
  const [min, max] = [Math.min(...known), Math.max(...known)];
  const isLogarithmic = max / min > 60;
  const [from, to] = isLogarithmic
    ? [Math.floor(Math.log10(min)), Math.ceil(Math.log10(max))]
    : [0, niceStep(max / 4) * Math.ceil(max / niceStep(max / 4))];
  const of = (value: number) => {
    const at = isLogarithmic ? Math.log10(Math.max(value, 10 ** from)) : value;
    return bottom - ((at - from) / (to - from)) * (bottom - top);
  };
  const step = isLogarithmic ? 1 : niceStep(max / 4);
  const count = Math.round((to - from) / step);
  const ticks = Array.from({ length: count + 1 }, (_, nth) =>
    isLogarithmic ? 10 ** (from + nth) : nth * step,
  );
  return { of, ticks, isLogarithmic };
}

/** The least of 1, 2, 2.5 and 5 with any number of zeros that is not below. */
function niceStep(value: number): number {
  const decade = 10 ** Math.floor(Math.log10(value));
  return decade * [1, 2, 2.5, 5, 10].find((each) => each * decade >= value * 0.999)!;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
