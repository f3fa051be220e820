import assert from 'node:assert/strict';

/**
 * A path with labels, `/functions/{FunctionName}/tags/{Key+}`, taken apart (smithy.io, "HTTP bindings",
 * "uri"). A label is one segment; a single one may have a `+`, and takes as many segments as it can.
 */
export type PathTemplate = { readonly segments: readonly Segment[] };

type Segment = { readonly kind: 'literal' | 'label' | 'greedy'; readonly name: string };

export function pathTemplate(text: string): PathTemplate {
  const segments = segmentsOf(text).map(segmentOf);
  assert(text.startsWith('/') && segments.every(({ name }) => /^[\w.~-]+$/.test(name)));
  assert(segments.filter(({ kind }) => kind === 'greedy').length <= 1);
  return { segments };
}

function segmentOf(text: string): Segment {
  const label = /^\{(\w+)(\+?)\}$/.exec(text);
  if (label === null) return { kind: 'literal', name: text };
  return { kind: label[2] === '+' ? 'greedy' : 'label', name: label[1]! };
}

/** A slash at the end does not count. */
function segmentsOf(path: string): string[] {
  const segments = path.split('/', segmentsMax + 2).slice(1);
  return segments.at(-1) === '' ? segments.slice(0, -1) : segments;
}

/** More than the paths of any service have. */
const segmentsMax = 64;

/** The texts of a path's labels, still escaped; undefined when the path does not match. */
export function matchPath(
  { segments }: PathTemplate,
  path: string,
): Readonly<Record<string, string>> | undefined {
  const given = segmentsOf(path);
  const more = given.length - segments.length;
  const hasGreedy = segments.some(({ kind }) => kind === 'greedy');
  if (given.length > segmentsMax || !path.startsWith('/') || (hasGreedy ? more < 0 : more !== 0))
    return undefined;
  const labels: Record<string, string> = {};
  let at = 0;
  for (const { kind, name } of segments) {
    const end = at + 1 + (kind === 'greedy' ? more : 0);
    const text = given.slice(at, end).join('/');
    if (kind === 'literal' ? text !== name : text === '') return undefined;
    if (kind !== 'literal') labels[name] = text;
    at = end;
  }
  return labels;
}

/**
 * Compares two templates that a request may match; negative when the left one wins. A literal segment is more
 * specific than a label, a label than a greedy one, and a longer path than a shorter (smithy.io, "HTTP
 * bindings", "Specificity Routing").
 */
export function compareTemplates(left: PathTemplate, right: PathTemplate): number {
  const length = Math.min(left.segments.length, right.segments.length);
  for (let index = 0; index < length; index++) {
    const difference = ranks[left.segments[index]!.kind] - ranks[right.segments[index]!.kind];
    if (difference !== 0) return difference;
  }
  return right.segments.length - left.segments.length;
}

const ranks = { literal: 0, label: 1, greedy: 2 } as const;
