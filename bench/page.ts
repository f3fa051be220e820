import { type Chart, escaped, lineChart, mark } from './chart.ts';
import { contenders } from './contender.ts';
import { axisText, type Curve, curves, pointsOf, valueAt } from './curves.ts';
import { type FigureName, figures } from './figures.ts';
import { rounded } from './markdown.ts';
import { method } from './method.ts';
import { origin, remarks, type Section, sections, unitOf } from './report.ts';
import { type Results, type Run, spreadOf } from './results.ts';

/** All that was measured as one HTML file that needs nothing else: curves, and the same numbers as tables. */
export function reportPage(results: Results): string {
  const facts = origin(results).map(([name, value]) => `<dt>${name}</dt><dd>${escaped(value)}</dd>`);
  const parts = sections(results).map((section) => part(section, results.runs));
  const said = remarks(results).map((line) => `<p>${escaped(line)}</p>`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Millrace, measured</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>Millrace, measured</h1>
<dl>${facts.join('')}</dl>
${parts.join('\n')}
<section><h2>Remarks</h2>${said.join('')}</section>
<section><h2>Method</h2>${method.map((text) => `<p>${escaped(text)}</p>`).join('')}</section>
</main>
</body>
</html>
`;
}

function part(section: Section, runs: readonly Run[]): string {
  const curve = curves.find(({ title }) => title === section.title);
  const pictures = curve === undefined ? bars(section, runs) : charts(curve, runs);
  const shown = htmlTable(section);
  const folded = curve === undefined ? shown : `<details><summary>As a table</summary>${shown}</details>`;
  const note = section.note.split('\n\n').map(paragraph).join('');
  return `<section><h2>${escaped(section.title)}</h2>${note}${pictures}${folded}</section>`;
}

function paragraph(text: string): string {
  if (!text.startsWith('- ')) return `<p>${escaped(text)}</p>`;
  const items = text.split('\n').map((line) => `<li>${escaped(line.slice(2))}</li>`);
  return `<ul>${items.join('')}</ul>`;
}

function htmlTable({ title, rows }: Section): string {
  const [header, ...body] = rows;
  const head = header!.map((text) => `<th scope="col">${escaped(text)}</th>`).join('');
  const lines = body.map(([first, ...others]) => {
    const cells = others.map((text) => {
      const verdict = text === 'reached' || text === 'missed' ? ` class="${text}"` : '';
      return `<td${verdict}>${escaped(text)}</td>`;
    });
    return `<tr><th scope="row">${escaped(first!)}</th>${cells.join('')}</tr>`;
  });
  return `<div class="wide" tabindex="0" role="region" aria-label="${escaped(title)}"><table><thead><tr>${head}</tr></thead><tbody>${lines.join('')}</tbody></table></div>`;
}

/** One for each chart of the curve, unless there is but one point. */
function charts(curve: Curve, runs: readonly Run[]): string {
  const places = pointsOf(runs, curve);
  const drawn = curve.charts.map(({ title, figures: names }) => {
    const series = names.map((name) => ({ name: figures[name][0], points: pointsFor(curve, name) }));
    const known = series.filter(({ points }) => points.length > 0);
    const text = (at: number) => axisText(curve, at);
    return known.length === 0 || places.length < 2
      ? ''
      : figure({ title, axis: curve.axis, unit: unitOf(names[0]!), series: known, axisText: text });
  });
  return `<div class="charts">${drawn.join('')}</div>`;

  function pointsFor(of: Curve, name: FigureName) {
    return places.flatMap((at) => {
      const value = valueAt(runs, of, name, at)?.median;
      return value === undefined ? [] : [{ at, value }];
    });
  }
}

function figure(chart: Chart): string {
  const names = chart.series.map(({ name }, index) => `<li>${mark(index)}${escaped(name)}</li>`);
  const legend = names.length > 1 ? `<ul class="legend">${names.join('')}</ul>` : '';
  return `<figure><figcaption>${escaped(chart.title)}</figcaption>${legend}${lineChart(chart)}</figure>`;
}

/** The servers next to each other, in what they cost. */
function bars({ title }: Section, runs: readonly Run[]): string {
  if (title !== 'Side by side') return '';
  const drawn = ['PutRecords', 'PutRecord'].map((scenario) => {
    const values = contenders.flatMap((contender) => {
      const spread = spreadOf(runs, { scenario, contender: contender.name, figure: 'putMicros' });
      return spread === undefined ? [] : [{ title: contender.title, micros: spread.median }];
    });
    return values.length === 0 ? '' : barChart(`${scenario}: server CPU, us/record, logarithmic`, values);
  });
  return `<div class="charts">${drawn.join('')}</div>`;
}

function barChart(caption: string, values: readonly { title: string; micros: number }[]): string {
  const least = Math.min(...values.map(({ micros }) => micros)) / 2;
  const most = Math.max(...values.map(({ micros }) => micros));
  const rows = values.map(({ title, micros }, index) => {
    const length = 8 + (Math.log(micros / least) / Math.log(most / least)) * 230;
    const y = 6 + index * 24;
    const kind = title.startsWith('Millrace') ? 's0' : 's3';
    return `<text class="tick" x="150" y="${y + 12}" text-anchor="end">${escaped(title)}</text><rect class="bar ${kind}" x="156" y="${y}" width="${length.toFixed(1)}" height="16" rx="2"/><text class="tick" x="${(162 + length).toFixed(1)}" y="${y + 12}">${rounded(micros)}</text>`;
  });
  const height = 12 + values.length * 24;
  return `<figure><figcaption>${escaped(caption)}</figcaption><svg viewBox="0 0 460 ${height}" role="img" aria-label="${escaped(caption)}; the numbers are in the table below">${rows.join('')}</svg></figure>`;
}

const style = `
:root { --ink: #1c2330; --soft: #5b6472; --rule: #d9dee6; --paper: #ffffff; --good: #14713d; --bad: #b3261e;
  --s0: #1f6feb; --s1: #c2410c; --s2: #7c3aed; --s3: #64748b; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6eaf0; --soft: #a3adba; --rule: #343c48; --paper: #12161c; --good: #5fd38d; --bad: #ff8a80;
    --s0: #6cb0ff; --s1: #ffa057; --s2: #c4a3ff; --s3: #94a3b8; } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.7rem; margin: 0 0 1rem; } h2 { font-size: 1.2rem; margin: 2.2rem 0 .4rem; }
p, li { max-width: 46rem; } p { margin: .4rem 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: 0; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 24rem), 1fr)); gap: 1rem 1.5rem; margin: .8rem 0; }
figure { margin: 0; } figcaption { font-weight: 600; font-size: .95rem; }
svg { width: 100%; height: auto; display: block; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: .1rem 1rem; margin: 0; padding: 0; font-size: .85rem; color: var(--soft); }
.legend li { display: flex; align-items: center; gap: .3rem; } .mark { width: .8rem; height: .8rem; }
.grid { stroke: var(--rule); } .tick, .axis { fill: var(--soft); font-size: 12px; }
.line { fill: none; stroke-width: 2; }
${[0, 1, 2, 3].map((nth) => `.line.s${nth} { stroke: var(--s${nth}); } .dot.s${nth}, .bar.s${nth} { fill: var(--s${nth}); }`).join('\n')}
.wide { overflow-x: auto; } table { border-collapse: collapse; font-size: .85rem; margin: .5rem 0; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .7rem; border-bottom: 1px solid var(--rule); text-align: right; vertical-align: bottom; }
tbody th, td { white-space: nowrap; }
th[scope=row], thead th:first-child { text-align: left; font-weight: 500; }
.reached { color: var(--good); } .missed { color: var(--bad); font-weight: 600; }
summary { cursor: pointer; color: var(--soft); font-size: .9rem; }
`;
