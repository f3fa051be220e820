import { type Mutant, simulation } from './mutant.ts';

const run = 'src/delivery/run';

/**
 * Bugs in deliveries as a whole server runs them: its journal, its disk or brokers, and a store that loses
 * answers are between a record and what the worlds find in the bucket.
 */
export const deliverySimMutants: readonly Mutant[] = [
  {
    name: 'plan-behind-its-objects',
    sentence: 'A delivery puts its objects first and keeps afterwards under which names.',
    edits: [
      {
        file: `${run}/chunk-delivery.ts`,
        find: 'await this.#say({ ...this.#known, plan });\n    await this.#put(formatted.objects);',
        replace: 'await this.#put(formatted.objects);\n    await this.#say({ ...this.#known, plan });',
      },
    ],
    proof: simulation('twice', '5'),
  },
  {
    name: 'done-before-it-is-there',
    sentence: 'A delivery notes that a chunk is done, and puts its objects then.',
    edits: [
      {
        file: `${run}/chunk-delivery.ts`,
        find: 'await this.#put(formatted.objects);\n    await this.#destination.take(formatted, plan, false);\n    await this.#done(to, await this.#sent(formatted, plan), behindMs);',
        replace: 'await this.#done(to, formatted, behindMs);\n    await this.#put(formatted.objects);',
      },
    ],
    proof: simulation('lost', '14'),
  },
  {
    name: 'plan-again-under-other-names',
    sentence: 'A plan that is done again calls its objects otherwise, and knows of no others.',
    edits: [
      {
        file: `${run}/chunk-delivery.ts`,
        find: 'const formatted = await chunk.inThread?.finish(plan.random);',
        replace: "const formatted = await chunk.inThread?.finish(plan.random.replace(/./, 'f'));",
      },
      {
        file: `${run}/chunk-delivery.ts`,
        find: 'const stale = [...plan.objects, ...plan.stale].filter(',
        replace: 'const stale = [...plan.stale].filter(',
      },
    ],
    proof: simulation('twice', '10'),
  },
  {
    name: 'stale-objects-stay',
    sentence: 'What an earlier attempt put where its destination was then is not removed.',
    edits: [
      {
        file: `${run}/chunk-delivery.ts`,
        find: 'await this.#remove(this.#known.plan!.stale);',
        replace: '',
      },
    ],
    proof: simulation('twice', '19'),
  },
  {
    name: 'forgotten-before-it-is-done',
    sentence: 'What was put directly is forgotten as soon as it is planned.',
    edits: [
      {
        file: `${run}/chunk-delivery.ts`,
        find: 'await this.#say({ ...this.#known, plan });\n    await this.#put(formatted.objects);',
        replace:
          'await this.#say({ ...this.#known, plan });\n' +
          '    if (this.#parts.spec.source.arn === undefined)\n' +
          '      for (const [shard, { next }] of Object.entries(to))\n' +
          '        await world.trim({ stream: this.#parts.spec.source.streamId, shard: Number(shard) }, next);\n' +
          '    await this.#put(formatted.objects);',
      },
    ],
    proof: simulation('lost', '14'),
  },
  {
    name: 'plan-not-found',
    sentence: 'A delivery that begins anew reads what was planned into another chunk.',
    edits: [
      {
        file: `${run}/delivery-run.ts`,
        find: 'if (plan !== undefined) await this.#runAgain(plan);',
        replace: '',
      },
    ],
    proof: simulation('twice', '14'),
  },
  {
    name: 'plan-again-moves-nothing',
    sentence: 'What was planned and is done again is read once more afterwards.',
    edits: [
      {
        file: `${run}/chunk-delivery.ts`,
        find: 'await this.#done(plan.to, sent, 0);',
        replace: 'await this.#done({}, sent, 0);',
      },
    ],
    proof: simulation('twice', '19'),
  },
  {
    name: 'gone-delivery-leaves-stale-objects',
    sentence: 'A delivery that goes while a plan is made again elsewhere leaves what was put before.',
    edits: [
      {
        file: `${run}/stale-progress.ts`,
        find: 'for (const place of stale) await removeObject(objects!, place, signal);',
        replace: '',
      },
    ],
    proof: simulation('twice', '19'),
  },
  {
    name: 'channel-start-is-not-kept',
    sentence: 'A channel is ACTIVE, and where it begins is kept only when it first runs.',
    edits: [
      {
        file: 'src/delivery/channel/begin-channel.ts',
        find: 'if (reason === undefined) await keepStart(world, id, stream);',
        replace: '',
      },
    ],
    proof: simulation('lost', '42'),
  },
  {
    name: 'records-without-partition-vanish',
    sentence: 'Records that have no partition are in no object with errors.',
    edits: [
      {
        file: 'src/delivery/formatter/chunk-format.ts',
        find: 'const { kept, refused } = this.#stages.after(records, this.#now);\n    await this.#refuse(refused);',
        replace: 'const { kept } = this.#stages.after(records, this.#now);',
      },
    ],
    proof: simulation('lost', '11'),
  },
];
