import { integer, list, required, string, structure, timestamp } from '../../../wire/shape.ts';

// Constraints from the service's model (STS API reference, data types).

export const credentials = structure('Credentials', {
  AccessKeyId: required(string()),
  SecretAccessKey: required(string()),
  SessionToken: required(string()),
  Expiration: required(timestamp()),
});

export const roleArn = string({ min: 20, max: 2048 });
export const sessionName = string({ min: 2, max: 64, pattern: '[\\w+=,.@-]*' });
export const sourceIdentity = sessionName;
export const externalId = string({ min: 2, max: 1224, pattern: '[\\w+=,.@:\\/-]*' });
export const serialNumber = string({ min: 9, max: 256, pattern: '[\\w+=/:,.@-]*' });
export const tokenCode = string({ min: 6, max: 6, pattern: '[\\d]*' });
export const accessKeyId = string({ min: 16, max: 128, pattern: '[\\w]*' });
export const assumeSeconds = integer({ min: 900, max: 43_200 });
export const tokenSeconds = integer({ min: 900, max: 129_600 });

/** The model has no longest; the texts of both kinds of session policies do (API reference, AssumeRole). */
export const sessionPolicy = string({
  min: 1,
  max: 2048,
  pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+',
});
export const policyArns = list(structure('PolicyDescriptorType', { arn: string({ min: 20, max: 2048 }) }), {
  max: 10,
});

const tagKey = string({ min: 1, max: 128, pattern: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+' });
export const tags = list(
  structure('Tag', {
    Key: required(tagKey),
    Value: required(string({ min: 0, max: 256, pattern: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*' })),
  }),
  { max: 50 },
);
export const tagKeys = list(tagKey, { max: 50 });
