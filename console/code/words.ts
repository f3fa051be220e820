/**
 * A name of AWS's as the command line and boto3 spell it, which both is botocore's `xform_name`: `StreamARN`
 * is `stream_arn`, `WarmThroughputMiBps` is `warm_throughput_mi_bps`.
 */
export function separated(name: string, separator: '-' | '_'): string {
  return name
    .replace(/(.)([A-Z][a-z]+)/g, `$1${separator}$2`)
    .replace(/([a-z0-9])([A-Z])/g, `$1${separator}$2`)
    .toLowerCase();
}

/** A text in single quotes, as JavaScript and Python both read it: their escapes are those of JSON. */
export function quoted(text: string): string {
  const escaped = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${escaped}'`;
}

/** Lines moved to the right by so many columns. */
export function indented(text: string, columns: number): string {
  return text.replace(/^(?=.)/gm, ' '.repeat(columns));
}
