// Known advisories about packages that a server needs, against docs/advisories.json.

/** An advisory that was looked at, and why it does no harm here. */
export type Accepted = {
  /** As GitHub numbers it: `GHSA-…`. */
  readonly id: string;
  readonly package: string;
  readonly reason: string;
};

/** The part of `npm audit --json` that is looked at. `error` stands where its service gave no answer. */
export type Audited = {
  readonly error?: { readonly summary?: string; readonly detail?: string };
  readonly message?: string;
  readonly vulnerabilities?: Readonly<Record<string, { readonly via: readonly (string | Advisory)[] }>>;
};

type Advisory = { readonly title: string; readonly url: string; readonly severity: string };

/**
 * What an audit has shown: whether there was one, the advisories that nobody has accepted, and what was
 * accepted and is no advisory any more.
 */
export type Verdict =
  | { readonly kind: 'unreachable'; readonly why: string }
  | { readonly kind: 'audited'; readonly open: readonly string[]; readonly stale: readonly string[] };

export function verdictOn(audited: Audited, accepted: readonly Accepted[]): Verdict {
  const { vulnerabilities, message, error } = audited;
  if (vulnerabilities === undefined) {
    return { kind: 'unreachable', why: message ?? error?.summary ?? 'it answered nothing that is known' };
  }
  const found = Object.entries(vulnerabilities).flatMap(([name, { via }]) =>
    via.flatMap((cause) => (typeof cause === 'string' ? [] : [{ name, ...cause, id: idIn(cause.url) }])),
  );
  const isAccepted = (id: string, name: string) =>
    accepted.some((one) => one.id === id && one.package === name);
  const open = found
    .filter(({ id, name }) => !isAccepted(id, name))
    .map(({ id, name, severity, title }) => `${name}: ${title} (${severity}, ${id})`);
  const stale = accepted.filter(
    (one) => !found.some(({ id, name }) => one.id === id && one.package === name),
  );
  return { kind: 'audited', open, stale: stale.map(({ id, package: name }) => `${name}: ${id}`) };
}

function idIn(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}
