// The software bill of materials: what a server consists of at run time.
import { type LockedPackage, type Manifest, resolvedFrom } from './lockfile.ts';

/**
 * A bill in CycloneDX's JSON (ECMA-424, version 1.5 of the format). The same packages make the same bill,
 * byte by byte: it has neither a time nor a number of its own.
 */
export function billOf(project: Manifest, packages: readonly LockedPackage[]): object {
  const reference = purlOf(project.name, project.version);
  const direct = Object.keys(project.dependencies);
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: {
      component: {
        'bom-ref': reference,
        type: 'application',
        name: project.name,
        version: project.version,
        description: project.description,
        licenses: [{ license: { id: project.license } }],
        purl: reference,
      },
    },
    components: packages.map(componentOf),
    dependencies: [
      { ref: reference, dependsOn: referencesOf('', direct, packages) },
      ...packages.map(({ name, version, place, dependencies }) => ({
        ref: purlOf(name, version),
        dependsOn: referencesOf(place, dependencies, packages),
      })),
    ],
  };
}

function componentOf({ name, version, license, integrity }: LockedPackage): object {
  const reference = purlOf(name, version);
  return {
    'bom-ref': reference,
    type: 'library',
    name,
    version,
    scope: 'required',
    hashes: integrity === undefined ? [] : [hashOf(integrity)],
    licenses: license === undefined ? [] : [{ license: { id: license } }],
    purl: reference,
  };
}

/** A lockfile has the hash of a package's archive, in base64. */
function hashOf(integrity: string): { readonly alg: string; readonly content: string } {
  const [algorithm, digest] = integrity.split('-', 2);
  return {
    alg: algorithm!.replace('sha', 'SHA-'),
    content: Buffer.from(digest!, 'base64').toString('hex'),
  };
}

/** As package URLs name packages of npm (purl-spec, "npm"). */
function purlOf(name: string, version: string): string {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

function referencesOf(place: string, names: readonly string[], packages: readonly LockedPackage[]): string[] {
  return names
    .map((name) => resolvedFrom(place, name, packages))
    .filter((found) => found !== undefined)
    .map(({ name, version }) => purlOf(name, version))
    .sort();
}
