import type { Mutant } from './mutant.ts';

const run = 'src/delivery/run';
const tests = 'test/delivery/run';
const property = {
  kind: 'test',
  file: `${tests}/delivery-properties.test.ts`,
  test: 'whatever happens, every record is in one object and in no other',
} as const;

/** Bugs in what delivers each record once. */
export const deliveryRunMutants: readonly Mutant[] = [
  {
    name: 'delivery-plan-after-the-objects',
    sentence: 'The objects of a chunk are put before it is durable under which names.',
    edits: [
      {
        file: `${run}/chunk-delivery.ts`,
        find: 'await this.#say({ ...this.#known, plan });\n    await this.#put(formatted.objects);',
        replace: 'await this.#put(formatted.objects);\n    await this.#say({ ...this.#known, plan });',
      },
    ],
    proof: property,
  },
  {
    name: 'delivery-done-before-the-objects',
    sentence: 'A chunk is done before its objects are put.',
    edits: [
      {
        file: `${run}/chunk-delivery.ts`,
        find: 'await this.#put(formatted.objects);\n    await this.#destination.take(formatted, plan, false);\n    await this.#done(to, await this.#sent(formatted, plan), behindMs);',
        replace: 'await this.#done(to, formatted, behindMs);\n    await this.#put(formatted.objects);',
      },
    ],
    proof: property,
  },
  {
    name: 'delivery-forgets-the-plan',
    sentence: 'A plan that is found is not done again: its records are read into another chunk.',
    edits: [
      {
        file: `${run}/delivery-run.ts`,
        find: 'if (plan !== undefined) await this.#runAgain(plan);',
        replace: '',
      },
    ],
    proof: property,
  },
  {
    name: 'delivery-reads-a-plan-on',
    sentence: 'A plan is done again with what was put since then, which is read once more afterwards.',
    edits: [
      {
        file: `${run}/delivery-run.ts`,
        find: 'using reader = this.#read(this.#fact.known!.done, { until: plan.to, readsExpired: true });',
        replace:
          'const further = Object.fromEntries(Object.entries(plan.to).map(([shard, { next }]) => [shard, { next: next + 1 }]));\n' +
          '    using reader = this.#read(this.#fact.known!.done, { until: further, readsExpired: true });',
      },
    ],
    proof: property,
  },
  {
    name: 'delivery-progress-not-compared',
    sentence: 'Progress is said without a look at what another gateway has said since.',
    edits: [
      {
        file: `${run}/progress-fact.ts`,
        find: 'isOurs = now === this.#known || isDeepStrictEqual(now, this.#known);',
        replace: 'isOurs = now !== undefined || this.#known === undefined;',
      },
    ],
    proof: {
      kind: 'test',
      file: `${tests}/deliveries.test.ts`,
      test: 'a delivery that was gone on with elsewhere is begun anew with what that has noted',
    },
  },
  {
    name: 'delivery-leaves-stale-objects',
    sentence: 'What an earlier attempt has put under other names stays.',
    edits: [
      {
        file: `${run}/chunk-delivery.ts`,
        find: 'await this.#remove(this.#known.plan!.stale);',
        replace: '',
      },
    ],
    proof: property,
  },
  {
    name: 'delivery-overwrites-what-expired',
    sentence: 'An object is put again without the records that have left the stream since.',
    edits: [
      {
        file: `${run}/chunk-delivery.ts`,
        find: 'if (chunk.lost > 0) return await this.#deliverRest(chunk, plan);',
        replace: '',
      },
    ],
    proof: {
      kind: 'test',
      file: `${tests}/deliveries.test.ts`,
      test: 'what is in an object and no longer in the stream stays in it',
    },
  },
  {
    name: 'delivery-child-before-parent',
    sentence: 'A shard is read though its parents are not finished.',
    edits: [
      {
        file: 'src/delivery/source/source-reader.ts',
        find: 'return !isFinished(index) && parents.every(isOver);',
        replace: 'return !isFinished(index) && (parents.length > 0 || parents.every(isOver));',
      },
    ],
    proof: {
      kind: 'test',
      file: `${tests}/deliveries.test.ts`,
      test: 'children are read after their parents, and all of them',
    },
  },
];
