import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Chart, lineChart } from '../../bench/chart.ts';

const chart: Chart = {
  title: 'CPU',
  axis: 'shards',
  unit: 'us/record',
  axisText: String,
  series: [
    {
      name: 'to all',
      points: [
        { at: 1, value: 10 },
        { at: 10, value: 20 },
        { at: 100, value: 40 },
      ],
    },
  ],
};

test('a chart says its axes, its units and all its numbers in words', () => {
  const svg = lineChart(chart);
  assert.match(svg, /aria-label="CPU, in us\/record by shards"/);
  assert.match(svg, /<desc>to all: 10 at 1, 20 at 10, 40 at 100<\/desc>/);
});

test('decades are as wide as each other, and values start at zero', () => {
  const [first, second, third] = placesIn(lineChart(chart));
  assert.ok(Math.abs(second!.x - first!.x - (third!.x - second!.x)) < 0.2);
  assert.ok(Math.abs(first!.y - second!.y - (second!.y - third!.y) / 2) < 0.2);
});

test('values that are far apart are drawn on a logarithmic scale, which says so', () => {
  const far = [1, 1000].map((value) => ({ at: value, value }));
  assert.match(lineChart({ ...chart, series: [{ name: 'x', points: far }] }), /logarithmic/);
  assert.doesNotMatch(lineChart(chart), /logarithmic/);
});

test('one point, and nothing but zeros, can be drawn', () => {
  for (const points of [[{ at: 5, value: 3 }], [0, 1, 2].map((at) => ({ at, value: 0 }))]) {
    assert.doesNotMatch(lineChart({ ...chart, series: [{ name: 'x', points }] }), /NaN|Infinity|undefined/);
  }
});

function placesIn(svg: string) {
  const [, points] = /<polyline[^>]* points="([^"]+)"/.exec(svg)!;
  return points!.split(' ').map((point) => {
    const [x, y] = point.split(',').map(Number);
    return { x: x!, y: y! };
  });
}
