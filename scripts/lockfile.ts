// What package-lock.json says about the packages that are installed.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A package as the lockfile has it, at its place below node_modules/. */
export type LockedPackage = {
  readonly place: string;
  readonly name: string;
  readonly version: string;
  readonly license: string | undefined;
  /** `sha512-` and base64; absent for packages of other platforms. */
  readonly integrity: string | undefined;
  readonly isDevelopment: boolean;
  readonly hasInstallScript: boolean;
  readonly dependencies: readonly string[];
};

type Entry = {
  readonly version: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly dev?: true;
  readonly devOptional?: true;
  readonly hasInstallScript?: true;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
};

const root = join(import.meta.dirname, '..');

/** Every package but the project itself, by place. */
export function lockedPackages(): LockedPackage[] {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, Entry>>;
  };
  return Object.entries(packages)
    .filter(([place]) => place !== '')
    .map(([place, entry]) => packageAt(place, entry))
    .sort((one, other) => (one.place < other.place ? -1 : 1));
}

/** What a server needs at run time. */
export function runtimePackages(): LockedPackage[] {
  return lockedPackages().filter(({ isDevelopment }) => !isDevelopment);
}

function packageAt(place: string, entry: Entry): LockedPackage {
  const { version, license, integrity, dependencies = {}, optionalDependencies = {} } = entry;
  return {
    ...{ place, version, license, integrity },
    name: place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length),
    isDevelopment: entry.dev === true || entry.devOptional === true,
    hasInstallScript: entry.hasInstallScript === true,
    dependencies: Object.keys({ ...dependencies, ...optionalDependencies }).sort(),
  };
}

/** The package that a name means to the package at a place: the nearest of that name, as Node finds it. */
export function resolvedFrom(
  place: string,
  name: string,
  packages: readonly LockedPackage[],
): LockedPackage | undefined {
  const at = packages.find((each) => each.place === `${place === '' ? '' : `${place}/`}node_modules/${name}`);
  if (at !== undefined || place === '') return at;
  const outer = place.lastIndexOf('/node_modules/');
  return resolvedFrom(outer === -1 ? '' : place.slice(0, outer), name, packages);
}

/** What package.json says. */
export function manifest(): Manifest {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
}

export type Manifest = {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
};
