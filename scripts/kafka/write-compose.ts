// Writes compose.yaml: `npm run docs`.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { composeText } from './compose-text.ts';

writeFileSync(join(import.meta.dirname, '../../compose.yaml'), composeText());
