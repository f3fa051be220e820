import type { Answer } from '../answer.ts';

/** A client of Lambda's REST interface, of a server that is simulated or real. */
export interface LambdaClient {
  readonly name: string;
  /** The output is believed to have the shape that the caller asks for. */
  ask<T = unknown>(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    input?: object,
  ): Promise<Answer<T>>;
}

export const functionsPath = '/2015-03-31/functions';
export const mappingsPath = '/2015-03-31/event-source-mappings';
/** Beyond AWS. */
export const sightPath = '/millrace/2026-11-01/mappings';

/** What Lambda said, by the status, the header `x-amzn-errortype` and the text. */
export function lambdaAnswer<T>(status: number, errorType: string | undefined, text: string): Answer<T> {
  const body = text === '' ? {} : JSON.parse(text);
  if (status < 300) return { kind: 'output', output: body };
  const type = (errorType ?? String(status)).split(':')[0]!;
  return { kind: 'error', type, message: body.message ?? body.Message ?? '' };
}
