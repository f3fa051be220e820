import { lambdaError } from '../errors.ts';

/**
 * A `ClientContext` as runtimes get it in a header: the JSON, in ASCII. Throws InvalidRequestContentException
 * for what is no JSON in base64.
 */
export function clientContextHeader(base64: string | undefined): string | undefined {
  if (base64 === undefined) return undefined;
  try {
    const text = JSON.stringify(JSON.parse(Buffer.from(base64, 'base64').toString()));
    return text.replaceAll(
      /[^\x20-\x7e]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
  } catch {
    throw lambdaError(
      'InvalidRequestContentException',
      'Client context must be a valid Base64-encoded JSON object.',
    );
  }
}
