import type { HttpRequest, HttpResponse } from '../env/network.ts';
import { headerOf } from './front.ts';

/** The answer to a browser that asks whether it may send a request; undefined when this is no such question. */
export function preflight(request: HttpRequest): HttpResponse | undefined {
  if (request.method !== 'OPTIONS' || headerOf(request, 'origin') === undefined) return undefined;
  const headers: Record<string, string> = {
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Max-Age': '172800',
  };
  const wantedHeaders = headerOf(request, 'access-control-request-headers');
  const wantedMethod = headerOf(request, 'access-control-request-method');
  if (wantedHeaders !== undefined) headers['Access-Control-Allow-Headers'] = wantedHeaders;
  if (wantedMethod !== undefined) headers['Access-Control-Allow-Methods'] = wantedMethod;
  return { status: 200, headers, body: '' };
}

/** The headers that let a page of another origin read the answer. */
export function corsHeaders(request: HttpRequest): Readonly<Record<string, string>> {
  return headerOf(request, 'origin') === undefined ? none : exposed;
}

const none = {};
const exposed = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers':
    'x-amzn-RequestId,x-amzn-ErrorType,x-amz-request-id,x-amz-id-2,x-amzn-ErrorMessage,Date',
};
