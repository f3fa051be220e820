// S3 as a process of its own, which keeps its buckets in folders: node object-server.ts <port> <seed>
// <folder> … Now and then it is slow, loses an answer to what it has done, or says that it failed when it has
// done it.
import { mkdirSync } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FakeS3Server } from '../../harness/objects/fake-s3-server.ts';
import { errorAnswer } from '../../harness/objects/s3-call.ts';
import { SeededRandom } from '../../harness/random.ts';
import { KeptObjects } from './kept-objects.ts';

const [port, seed, ...folders] = process.argv.slice(2);
const random = new SeededRandom(Number(seed));
const server = await FakeS3Server.start(Number(port));
const { s3 } = server;

for (const folder of folders) {
  mkdirSync(folder, { recursive: true });
  const kept = new KeptObjects(folder);
  s3.buckets.create(basename(folder), {
    owner: '000000000000',
    objects: kept.read(),
    noted: (key, object) => kept.write(key, object),
  });
}
s3.fate = () => {
  // Nobody looks at them here.
  s3.calls.length = 0;
  const draw = random.below(100);
  if (draw < 2) return 'lost';
  if (draw < 4) return { answer: errorAnswer(500, 'InternalError'), isDone: true };
  return draw < 6 ? { answer: errorAnswer(503, 'SlowDown') } : undefined;
};
server.pause = async () => {
  if (random.chance(0.3)) await sleep(random.real(0, 60));
};
console.log(server.url);
