// Writes the software bill of materials, in CycloneDX's JSON.
//
//   npm run --silent sbom              to stdout
//   npm run sbom -- millrace.cdx.json  to a file
import { writeFileSync } from 'node:fs';
import { billOf } from './bill-of-materials.ts';
import { manifest, runtimePackages } from './lockfile.ts';

const [path] = process.argv.slice(2);
const text = `${JSON.stringify(billOf(manifest(), runtimePackages()), undefined, 2)}\n`;
if (path === undefined) process.stdout.write(text);
else writeFileSync(path, text);
