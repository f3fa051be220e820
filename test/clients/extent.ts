/** Whether all of it was asked for: `npm run clients`. Otherwise a slice runs, as part of `npm test`. */
export const isFull = process.env['CLIENTS'] === 'all';

/** Why a test that only the full run has is left out; `false` in a full run. */
export const onlyInFull: string | false = isFull ? false : 'npm run clients runs it';

/** Whether they run on a cluster of servers on Kafka: `npm run clients:kafka`. */
export const onKafka = process.env['CLIENTS_ON'] === 'kafka';

/** Why a test that needs several servers is left out; `false` where there are some. */
export const onlyOnKafka: string | false = isFull && onKafka ? false : 'npm run clients:kafka runs it';
