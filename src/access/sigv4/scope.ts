import { isRegion } from '../../kinesis/arn.ts';
import { incompleteSignature, invalidSignature } from './errors.ts';
import type { Scope } from './signing-key.ts';
import type { Timestamp } from './time.ts';

/** A claim's Credential, `keyid/date/region/service/aws4_request`, taken apart. */
export type Credential = Scope & { readonly accessKeyId: string; readonly terminator: string };

/** The rule for scopes. Undefined `regions` allow any. */
type ScopeRule = {
  readonly regions: readonly string[] | undefined;
  /** The rest of a scope, which is checked only where signatures are verified. */
  readonly signing?: { readonly services: readonly string[]; readonly signedAt: Timestamp };
};

export function parseCredential(text: string): Credential {
  const parts = text.split('/');
  const [accessKeyId = '', date = '', region = '', service = '', terminator = ''] = parts;
  if (parts.length === 5 && accessKeyId !== '') return { accessKeyId, date, region, service, terminator };
  throw incompleteSignature(
    `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${text}'`,
  );
}

/** AWS lists everything that is wrong, a sentence each. */
export function checkScope(credential: Credential, { regions, signing }: ScopeRule): void {
  let wrong = '';
  if (!isRegion(credential.region) || regions?.includes(credential.region) === false) {
    wrong += 'Credential should be scoped to a valid region. ';
  }
  if (signing !== undefined) wrong += wrongInSigning(credential, signing);
  if (wrong !== '') throw invalidSignature(wrong);
}

function wrongInSigning(
  { date, service, terminator }: Credential,
  { services, signedAt }: NonNullable<ScopeRule['signing']>,
): string {
  let wrong = '';
  if (!services.includes(service)) {
    wrong += `Credential should be scoped to correct service: '${services.join("', '")}'. `;
  }
  if (terminator !== 'aws4_request') {
    wrong += `Credential should be scoped with a valid terminator: 'aws4_request', not '${terminator}'. `;
  }
  if (!signedAt.text.startsWith(`${date}T`)) {
    wrong +=
      'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: ' +
      `'${date}' != '${signedAt.text.slice(0, 8)}', from '${signedAt.text}'. `;
  }
  return wrong;
}
