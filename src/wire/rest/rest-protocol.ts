import type { HttpRequest, HttpResponse } from '../../env/network.ts';
import { type HeaderFields, pathOf, type QueryParameter, queryOf } from '../../http/headers.ts';
import { restJson } from '../json/json.ts';
import type { Called, Protocol } from '../protocol.ts';
import { ServiceError } from '../service-error.ts';
import { type StructureShape, string, structure, type TypeOf } from '../shape.ts';
import type { RestBinding } from './binding.ts';
import { compareTemplates, matchPath, type PathTemplate, pathTemplate } from './path-template.ts';
import { outsideOf, readInput } from './rest-input.ts';
import { writeOutput } from './rest-output.ts';

/** What a service says of an error. */
export type ErrorForm = (error: ServiceError) => {
  readonly status: number;
  readonly shape: StructureShape;
  readonly value: Readonly<Record<string, unknown>>;
};

/**
 * The protocol with the operation in method and path, and the rest in JSON, headers and query (smithy.io,
 * "AWS restJson1 protocol"). `bindings` are by operation, whether it is served or not.
 */
export function restProtocol(
  bindings: Readonly<Record<string, RestBinding>>,
  errorForm: ErrorForm = usualForm,
): Protocol {
  const routes = Object.entries(bindings).map(([operation, binding]) => routeOf(operation, binding));
  routes.sort((left, right) => compareTemplates(left.template, right.template) || askedFirst(left, right));
  return {
    name: 'restJson1',
    codec: restJson,
    isSpokenIn: (request) => find(routes, request) !== undefined,
    callOf: (request, headers) => callOf(routes, request, headers),
    misformOf: ({ body }, headers, operation) =>
      operation === undefined || body.length === 0 || takes(bindings[operation.name]!, headers)
        ? undefined
        : new ServiceError('UnsupportedMediaTypeException', '', 415),
    readsBody: (body, { operation }) => body.length > 0 && bindings[operation]!.payload === undefined,
    decode: <S extends StructureShape>(body: Buffer, { operation, outside = {} }: Called, shape: S) =>
      readInput(restJson, bindings[operation]!, outside, body, shape) as TypeOf<S>,
    answer: (value, { name, output }) => writeOutput(restJson, bindings[name]!, output, value),
    written: (body) => ({ status: 200, headers: jsonType, body }),
    refuse: (error) => refuse(errorForm, error),
  };
}

type Route = {
  readonly operation: string;
  readonly binding: RestBinding;
  readonly method: string;
  readonly template: PathTemplate;
  /** Parameters that the query must have. */
  readonly asked: readonly QueryParameter[];
};

function routeOf(operation: string, binding: RestBinding): Route {
  const [method = '', path = ''] = binding.http.split(' ');
  return { operation, binding, method, template: pathTemplate(pathOf(path)), asked: queryOf(path) };
}

function askedFirst(left: Route, right: Route): number {
  return right.asked.length - left.asked.length;
}

type Found = { readonly route: Route; readonly labels: Readonly<Record<string, string>> };

/** The most specific route of a request: routes are in that order. */
function find(routes: readonly Route[], { method, target }: HttpRequest): Found | undefined {
  const path = pathOf(target);
  for (const route of routes) {
    const labels = route.method === method ? matchPath(route.template, path) : undefined;
    if (labels !== undefined && hasAsked(route, target)) return { route, labels };
  }
  return undefined;
}

function hasAsked({ asked }: Route, target: string): boolean {
  if (asked.length === 0) return true;
  const given = queryOf(target);
  return asked.every(([name, text]) => given.some((each) => each[0] === name && each[1] === text));
}

function callOf(routes: readonly Route[], request: HttpRequest, headers: HeaderFields): Called | undefined {
  const found = find(routes, request);
  if (found === undefined) return undefined;
  const { operation, binding } = found.route;
  return { operation, outside: outsideOf(binding, found.labels, request, headers) };
}

/** Whether a body may have its content type; old SDKs do not send any. */
function takes({ payload }: RestBinding, { mediaType }: HeaderFields): boolean {
  return payload !== undefined || mediaType === '' || mediaType === restJson.contentType;
}

const jsonType = { 'Content-Type': restJson.contentType };

/** The type of the error is only in the header. */
function refuse(errorForm: ErrorForm, error: ServiceError): HttpResponse {
  const { status, shape, value } = errorForm(error);
  const headers = { ...jsonType, 'x-amzn-ErrorType': error.type };
  return { status, headers, body: restJson.encode(value, shape) };
}

function usualForm({ status, message }: ServiceError): ReturnType<ErrorForm> {
  return { status, shape: errorShape, value: message === '' ? {} : { message } };
}

const errorShape = structure('Error', { message: string() });
