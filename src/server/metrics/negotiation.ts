import type { Format } from './exposition.ts';

/** The format that a client would rather have (RFC 9110 §12.5.1); text where it says nothing. */
export function formatFor(accept: string | undefined): Format {
  let [openmetrics, text] = [0, accept === undefined ? 1 : 0];
  for (const range of (accept ?? '').split(',')) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const weight = weightOf(parameters);
    if (type === 'application/openmetrics-text') openmetrics = Math.max(openmetrics, weight);
    else if (/^(text|\*)\/(plain|\*)$/.test(type)) text = Math.max(text, weight);
  }
  return openmetrics > text ? 'openmetrics' : 'text';
}

function weightOf(parameters: readonly string[]): number {
  const given = parameters.find((parameter) => /^q\s*=/.test(parameter))?.split('=')[1];
  const weight = given === undefined ? 1 : Number(given);
  return weight >= 0 && weight <= 1 ? weight : 0;
}
