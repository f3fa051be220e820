import type { SigningCredentials } from '../access/sigv4/sign.ts';
import { environmentVariable } from '../env/environment.ts';

/**
 * The URL of a service, as AWS's SDKs find it (AWS SDKs and Tools reference guide, "Service-specific
 * endpoints"): `AWS_ENDPOINT_URL_S3`, … One that is empty says nothing.
 */
export function endpointVariable(service: string): string | undefined {
  return environmentVariable(`AWS_ENDPOINT_URL_${service}`) || undefined;
}

/** Who other services of AWS's kind are called by. */
export function credentialsInVariables(): SigningCredentials | undefined {
  const accessKeyId = environmentVariable('AWS_ACCESS_KEY_ID');
  const secretAccessKey = environmentVariable('AWS_SECRET_ACCESS_KEY');
  if (!accessKeyId || !secretAccessKey) return undefined;
  return {
    accessKeyId,
    secretAccessKey,
    sessionToken: environmentVariable('AWS_SESSION_TOKEN') || undefined,
  };
}
