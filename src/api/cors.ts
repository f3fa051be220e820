import type { HttpRequest, HttpResponse } from '../env/network.ts';
import type { HeaderFields } from '../wire/headers.ts';

/** The answer to a browser that asks whether it may send a request; undefined when this is no such question. */
export function preflight({ method }: HttpRequest, asked: HeaderFields): HttpResponse | undefined {
  if (method !== 'OPTIONS' || asked.get('origin') === undefined) return undefined;
  const headers: Record<string, string> = {
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Max-Age': '172800',
  };
  const wantedHeaders = asked.get('access-control-request-headers');
  const wantedMethod = asked.get('access-control-request-method');
  if (wantedHeaders !== undefined) headers['Access-Control-Allow-Headers'] = wantedHeaders;
  if (wantedMethod !== undefined) headers['Access-Control-Allow-Methods'] = wantedMethod;
  return { status: 200, headers, body: '' };
}

/** The headers that let a page of another origin read the answer. */
export function corsHeaders(asked: HeaderFields): Readonly<Record<string, string>> | undefined {
  return asked.get('origin') === undefined ? undefined : exposed;
}

const exposed = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers':
    'x-amzn-RequestId,x-amzn-ErrorType,x-amz-request-id,x-amz-id-2,x-amzn-ErrorMessage,Date',
};
