/** A family of samples as a text of Prometheus has it. */
export type ReadFamily = {
  readonly name: string;
  readonly kind: string;
  readonly help: string;
  readonly samples: readonly ReadSample[];
};

export type ReadSample = {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
};

/** Reads a text of version 0.0.4. Throws at a line that is none of its. */
export function readExposition(text: string): ReadFamily[] {
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  const families: { name: string; kind: string; help: string; samples: ReadSample[] }[] = [];
  for (const line of text.slice(0, -1).split('\n')) {
    const [, help, about] = /^# HELP (\S+) (.*)$/.exec(line) ?? [];
    const [, type, kind] = /^# TYPE (\S+) (counter|gauge|histogram)$/.exec(line) ?? [];
    if (help !== undefined) families.push({ name: help, kind: '', help: about!, samples: [] });
    else if (type !== undefined && type === families.at(-1)?.name) families.at(-1)!.kind = kind!;
    else families.at(-1)!.samples.push(readSample(line));
  }
  return families;
}

function readSample(line: string): ReadSample {
  const [, name, labels = '', value] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
  if (name === undefined) throw new Error(`no sample: ${line}`);
  const found = [...labels.matchAll(/([a-zA-Z_]\w*)="((?:[^"\\]|\\["\\n])*)"(?:,|$)/g)];
  if (found.reduce((sum, [all]) => sum + all.length, 0) !== labels.length) throw new Error(`labels: ${line}`);
  const unescaped = (text: string) =>
    text.replace(/\\(.)/g, (_, character) => (character === 'n' ? '\n' : character));
  const number = value === '+Inf' ? Number.POSITIVE_INFINITY : Number(value);
  return {
    name,
    labels: Object.fromEntries(found.map(([, key, text]) => [key, unescaped(text!)])),
    value: number,
  };
}

/** What `promtool check metrics` finds (prometheus/util/promlint), and what Prometheus does not take. */
export function problemsOf(families: readonly ReadFamily[]): string[] {
  const names = new Set<string>();
  return families.flatMap((family) => {
    const { name, kind, help, samples } = family;
    const problems: string[] = [];
    const say = (isWrong: boolean, problem: string) => {
      if (isWrong) problems.push(`${name}: ${problem}`);
    };
    say(names.has(name), 'comes twice');
    names.add(name);
    say(help.trim() === '', 'no help');
    say(kind === '', 'no type');
    say((kind === 'counter') !== name.endsWith('_total'), 'counters end in _total, and nothing else does');
    say(/:/.test(name), 'colons are for recorded rules');
    say(name !== name.toLowerCase(), 'capitals');
    say(kind !== 'histogram' && /_(count|sum|bucket)$/.test(name), "a suffix that is a histogram's");
    say(new RegExp(`_${kind}(_|$)`).test(name), 'the type in the name');
    say(foreignUnits.test(name), 'not a base unit');
    const series = samples.map(
      (sample) => `${sample.name} ${JSON.stringify(Object.entries(sample.labels).sort())}`,
    );
    say(new Set(series).size !== series.length, 'a series comes twice');
    say(samples.length === 0, 'no samples');
    for (const sample of samples) {
      const isOwn =
        kind === 'histogram'
          ? /^_(bucket|sum|count)$/.test(sample.name.slice(name.length))
          : sample.name === name;
      say(!isOwn || !sample.name.startsWith(name), `a sample of ${sample.name}`);
      say(
        kind !== 'histogram' && ('le' in sample.labels || 'quantile' in sample.labels),
        'a label of histograms',
      );
      say(
        Object.keys(sample.labels).some((label) => !/^[a-z_]+$/.test(label)),
        'a label that is not snake_case',
      );
      say(Number.isNaN(sample.value), 'not a number');
    }
    return problems;
  });
}

const foreignUnits =
  /_(milli|micro|nano|kilo|mega|giga)?(seconds?|bytes?)_(milli|kilo)|_(milliseconds|microseconds|nanoseconds|minutes|hours|days|weeks|kilobytes|megabytes|gigabytes|kibibytes|bits|percent|ms|us|ns|kb|mb|gb|celsius_)(_|$)/;
