import type { BodyPorts } from '../../rpc/body-thread.ts';
import { workOn } from '../../rpc/large-body.ts';
import { readableServices } from '../served.ts';

/** Answers each job, in their order, until the other end closes. An error ends the thread. */
export function serveBodies({ jobs }: BodyPorts): Promise<void> {
  return new Promise((resolve, reject) => {
    let worked = Promise.resolve();
    jobs.listen((job) => {
      worked = worked.then(async () => {
        const { answer, handedOver } = await workOn(job, readableServices);
        jobs.post(answer, handedOver);
      });
      worked.catch(reject);
    }, resolve);
  });
}
