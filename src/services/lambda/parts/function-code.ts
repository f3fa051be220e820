import { hash } from 'node:crypto';
import { isAbsolute } from 'node:path';
import { ServiceError } from '../../../wire/service-error.ts';
import { blob, string, type TypeOf } from '../../../wire/shape.ts';
import { zipBytesMax } from '../code/code-store.ts';
import { checkZip } from '../code/zip.ts';
import { invalidValue, unservedPart } from '../errors.ts';
import { requireKind } from '../functions/function-kinds.ts';
import type { FunctionCode, FunctionRecord } from '../state/lambda-state.ts';
import type { LambdaWorld } from '../world.ts';

type Environment = Readonly<Record<string, string>>;

/** Where a request says that the code is, in CreateFunction's `Code` and in UpdateFunctionCode. */
export const codeMembers = {
  ZipFile: blob({ isSensitive: true }),
  S3Bucket: string({ min: 3, max: 63, pattern: '[0-9A-Za-z\\.\\-_]*' }),
  S3Key: string({ min: 1, max: 1024 }),
  S3ObjectVersion: string({ min: 1, max: 1024 }),
  S3ObjectStorageMode: string({ values: ['COPY', 'REFERENCE'] }),
  ImageUri: string(),
  SourceKMSKeyArn: string(),
};

type CodeRequest = { readonly [Member in keyof typeof codeMembers]?: TypeOf<(typeof codeMembers)[Member]> };

/** A zip that was given, by its hash, wherever what runs is. */
export type GivenZip = { readonly sha256: string; readonly bytes: number };

/** Refuses code that is not in the request itself. */
export function requireServedCode({ S3Bucket, S3Key, ImageUri }: CodeRequest): void {
  if (ImageUri !== undefined) throw unservedPart('A container image as code (ImageUri)');
  if (S3Bucket === undefined && S3Key === undefined) return;
  throw unservedPart('Code in S3 (S3Bucket, S3Key) can be given as ZipFile: S3 as a source');
}

/** Checks a zip, and keeps it once it is durable, unless `isKept` is false. */
export async function takeZip(world: LambdaWorld, zip: Buffer, isKept: boolean): Promise<GivenZip> {
  if (zip.length > zipBytesMax) {
    throw new ServiceError(
      'RequestEntityTooLargeException',
      `Zipped size must be smaller than ${zipBytesMax} bytes`,
      413,
    );
  }
  const given = { sha256: hash('sha256', zip), bytes: zip.length };
  await checkZip(zip);
  if (isKept) await world.opened().code.put(given.sha256, zip);
  return given;
}

/** Refuses a function from a zip that does not say what runs it, and what of it. The text is AWS's. */
export function requireProgram({ runtime, handler }: Pick<FunctionRecord, 'runtime' | 'handler'>): void {
  if (runtime && handler) return;
  throw invalidValue(
    'Runtime and Handler are mandatory parameters for functions created with deployment packages.',
  );
}

/** Where a function's own variables say that what runs is; undefined where they say nothing. */
export function codeElsewhere(environment: Environment): FunctionCode | undefined {
  const [said, other] = Object.keys(places).filter((name) => environment[name] !== undefined);
  if (said === undefined) return undefined;
  if (other !== undefined) throw invalidValue(`A function has either ${said} or ${other}.`);
  return places[said as keyof typeof places](environment[said]!);
}

const places = {
  MILLRACE_CODE_FOLDER: (path: string): FunctionCode => {
    if (!isAbsolute(path)) throw invalidValue('MILLRACE_CODE_FOLDER is not an absolute path.');
    return { kind: 'folder', path };
  },
  MILLRACE_INVOKE_URL: (url: string): FunctionCode => ({
    kind: 'invoke',
    url: requireUrl('MILLRACE_INVOKE_URL', url),
  }),
  MILLRACE_WEBHOOK_URL: (url: string): FunctionCode => ({
    kind: 'webhook',
    url: requireUrl('MILLRACE_WEBHOOK_URL', url),
  }),
};

function requireUrl(name: string, text: string): string {
  const { protocol } = URL.parse(text) ?? {};
  if (protocol === 'http:' || protocol === 'https:') return text;
  throw invalidValue(`${name} is not a URL that begins with http:// or https://.`);
}

/** Refuses zips where they may not be run, before one is unpacked. */
export function requireZipKind(world: LambdaWorld, environment: Environment): void {
  codeOf(world, environment, { sha256: '', bytes: 0 });
}

/** What runs, by the variables and the zip that a function has; refuses what may not run here. */
export function codeOf(
  world: LambdaWorld,
  environment: Environment,
  zip: GivenZip | undefined,
): FunctionCode {
  const code = codeElsewhere(environment) ?? (zip && { kind: 'zip' as const, ...zip });
  if (code === undefined) throw invalidValue('Please provide a source for function code.');
  requireKind(world.kinds, code);
  return code;
}
