import { memoryLimit } from '../../env/node-file-system.ts';
import { openFilesLimit } from '../../env/node-open-files.ts';
import { nodeFault, nodeMajorMin } from '../../server/node-version.ts';
import { unknownVariables } from '../load-options.ts';
import { bytesText } from '../quantity-text.ts';
import { type Finding, fault, ok, warning } from './finding.ts';

/** What a machine has for a server: Node, files, memory, variables. */
export function machineFindings(variables: Readonly<Record<string, string | undefined>>): Finding[] {
  return [node(), files(), memory(), ...settings(variables)];
}

function node(): Finding {
  const { node: version } = process.versions;
  const said = nodeFault(version);
  if (said === undefined) return ok('node', `Node.js ${version}`);
  return fault('node', said, `install Node.js ${nodeMajorMin} or newer`);
}

/** A connection is a file, and a stream has some. */
function files(): Finding {
  const limit = openFilesLimit();
  if (limit === undefined) return ok('files', 'the system does not say how many files may be open');
  const says = `${limit.toLocaleString('en')} files may be open`;
  if (limit >= filesWanted) return ok('files', says);
  return warning(
    'files',
    `${says}, of which each connection takes one`,
    `raise it: ulimit -n ${filesWanted}, or LimitNOFILE=${filesWanted} in a unit`,
  );
}

const filesWanted = 8_192;

function memory(): Finding {
  const bytes = memoryLimit();
  const says = `${bytesText(bytes)} of memory`;
  if (bytes >= memoryWanted) return ok('memory', says);
  return warning('memory', `${says} are little`, `give it ${bytesText(memoryWanted)} or more`);
}

/** A server at rest takes 110 MB, and one that is busy several times that. */
const memoryWanted = 512e6;

function settings(variables: Readonly<Record<string, string | undefined>>): Finding[] {
  const unknown = unknownVariables(variables);
  if (unknown.length === 0) return [ok('variables', 'all MILLRACE_ variables are known')];
  return unknown.map((sentence) => warning('variables', sentence, 'correct its name, or unset it'));
}
