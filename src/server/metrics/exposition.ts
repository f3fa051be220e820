import type { Clock } from '../../env/clock.ts';
import type { Distribution, Family, Sample } from './family.ts';
import type { Figures } from './figures.ts';

/** Prometheus' own format (docs, "Exposition formats", version 0.0.4), or that of OpenMetrics 1.0. */
export type Format = 'text' | 'openmetrics';

export const contentTypes: Readonly<Record<Format, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

/**
 * All samples as text, in pieces. Others have their turn after each piece: no step takes longer than a few
 * milliseconds, however many shards there are. Families without samples are left out.
 */
export async function exposition(
  families: readonly Family[],
  figures: Figures,
  format: Format,
  clock: Pick<Clock, 'turn'>,
): Promise<Buffer[]> {
  const pieces: Buffer[] = [];
  let text = '';
  let lines = 0;
  for (const family of families) {
    let isFirst = true;
    for (const sample of family.samples(figures)) {
      if (isFirst) text += headOf(family, format);
      isFirst = false;
      text += linesOf(family, sample, format);
      lines += 1;
      if (lines < linesOfStep) continue;
      pieces.push(Buffer.from(text));
      [text, lines] = ['', 0];
      await clock.turn();
    }
  }
  if (format === 'openmetrics') text += '# EOF\n';
  pieces.push(Buffer.from(text));
  return pieces;
}

/** A millisecond or less. */
export const linesOfStep = 1_000;

function headOf({ name, kind, help }: Family, format: Format): string {
  const shown = help.replace(/[\\\n]/g, (character) => (character === '\n' ? '\\n' : '\\\\'));
  if (format === 'text') {
    return `# HELP ${name} ${shown}\n# TYPE ${name} ${kind === 'info' ? 'gauge' : kind}\n`;
  }
  // A family has the name of its samples without what their kind adds.
  const family = kind === 'counter' ? name.slice(0, -'_total'.length) : name.replace(/_info$/, '');
  const unit = /_(seconds|bytes|ratio)$/.exec(family)?.[1];
  const units = unit === undefined ? '' : `# UNIT ${family} ${unit}\n`;
  return `# TYPE ${family} ${kind}\n${units}# HELP ${family} ${shown.replace(/"/g, '\\"')}\n`;
}

function linesOf({ name }: Family, sample: Sample, format: Format): string {
  const { text } = sample.labels;
  if ('value' in sample) return `${name}${text === '' ? '' : `{${text}}`} ${numberOf(sample.value)}\n`;
  return distributionOf(name, text, sample, format);
}

function distributionOf(
  name: string,
  labels: string,
  { ends, counts, sum }: Distribution,
  format: Format,
): string {
  const before = labels === '' ? '' : `${labels},`;
  let count = 0;
  let text = '';
  counts.forEach((more, index) => {
    count += more;
    text += `${name}_bucket{${before}le="${boundOf(ends[index], format)}"} ${count}\n`;
  });
  const own = labels === '' ? '' : `{${labels}}`;
  return `${text}${name}_sum${own} ${numberOf(sum)}\n${name}_count${own} ${count}\n`;
}

/** OpenMetrics has a bound as a number with a point, so that there is one way to write it. */
function boundOf(end: number | undefined, format: Format): string {
  if (end === undefined) return '+Inf';
  return format === 'openmetrics' && Number.isInteger(end) ? `${end}.0` : `${end}`;
}

function numberOf(value: number): string {
  if (Number.isFinite(value) || Number.isNaN(value)) return `${value}`;
  return value > 0 ? '+Inf' : '-Inf';
}
