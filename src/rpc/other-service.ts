import type { HeaderFields } from '../http/headers.ts';
import type { Service } from './service.ts';

/**
 * What is said to a client that asks for a service of AWS that is not here, by the unverified scope of its
 * signature: whoever sets `AWS_ENDPOINT_URL` sends all services here. Empty for all others.
 */
export function otherService(services: readonly Service[], headers: HeaderFields): string {
  const [, name] = scopeForm.exec(headers.get('authorization') ?? '') ?? [];
  if (name === undefined || services.some(({ scopes }) => scopes.includes(name))) return '';
  return (
    `This is Millrace, which does not serve ${name}. AWS_ENDPOINT_URL sends every service here; ` +
    'AWS_ENDPOINT_URL_KINESIS and the like send one.'
  );
}

/** `Credential=KEY/DATE/REGION/SERVICE/aws4_request`; a key may hold slashes. */
const scopeForm = /Credential=[^ ,]*\/[^/ ,]*\/([a-z0-9-]{1,40})\/aws4_request/;
