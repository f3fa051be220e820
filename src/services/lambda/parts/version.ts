import { invalidValue } from '../errors.ts';
import type { FunctionTarget } from '../functions/functions.ts';
import type {
  FunctionRecord,
  FunctionSettings,
  FunctionVersion,
  LambdaEdit,
  LambdaState,
} from '../state/lambda-state.ts';
import { keyWithin, versionsOf } from './found.ts';
import { functionSaid } from './function-change.ts';

/** What publishing leads to: a version, and what is to be said for it. */
export type Published = { readonly version: FunctionVersion; readonly edits: readonly LambdaEdit[] };

/**
 * A new version of a function as it is, or the latest one where nothing was changed since it was published
 * (Lambda API reference, PublishVersion).
 */
export function publish(
  state: LambdaState,
  found: FunctionRecord,
  { revision, description = found.description }: { revision: string; description?: string | undefined },
): Published {
  const last = versionsOf(state, found).at(-1);
  if (last !== undefined && isSame(last, found)) return { version: last, edits: [] };
  const publishedDescription = found.description === description ? undefined : found.description;
  const own = { version: found.nextVersion, description, publishedDescription, revision };
  const version: FunctionVersion = { ...settingsIn(found), ...own };
  const key = keyWithin(found, String(version.version));
  return {
    version,
    edits: [
      { kind: 'said', of: 'version', key, value: version },
      functionSaid({ ...found, nextVersion: found.nextVersion + 1 }),
    ],
  };
}

/** Of a version as of a function, what is frozen. */
function settingsIn(of: FunctionSettings): FunctionSettings {
  return {
    description: of.description,
    runtime: of.runtime,
    role: of.role,
    handler: of.handler,
    timeoutSeconds: of.timeoutSeconds,
    memoryMiB: of.memoryMiB,
    storageMiB: of.storageMiB,
    environment: of.environment,
    architecture: of.architecture,
    tracing: of.tracing,
    code: of.code,
    modifiedAt: of.modifiedAt,
    revision: of.revision,
    echoed: of.echoed,
  };
}

/** Whether a version has all that the function has now. */
function isSame(version: FunctionVersion, found: FunctionRecord): boolean {
  if ((version.publishedDescription ?? version.description) !== found.description) return false;
  return comparable(version) === comparable(found);
}

function comparable(of: FunctionSettings): string {
  const { revision: _, modifiedAt: _at, description: _text, ...settings } = settingsIn(of);
  return JSON.stringify(sorted(settings));
}

/** With members in the order of their names: how they came does not count. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
}

/** InvalidParameterValueException unless a target names a function as a whole, or `$LATEST`. */
export function requireUnqualified({ qualifier }: FunctionTarget): void {
  if (qualifier === undefined) return;
  throw invalidValue(
    'This operation is permitted on Lambda functions only. Aliases and versions do not support this ' +
      'operation. Please specify either a function name or an unqualified function ARN.',
  );
}
