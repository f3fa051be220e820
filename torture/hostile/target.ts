/** What the crew knows of the server. Plain data: it crosses to the crew's thread. */
export type Target = {
  readonly port: number;
  readonly pid: number;
  /** Consumers of the crew's stream, for the clients that subscribe. */
  readonly consumers: readonly string[];
  /** Sequence numbers, in the crew's stream, of records of 10 MB. */
  readonly largeRecords: readonly string[];
  /** Resident memory before the crew came. */
  readonly restBytes: number;
  readonly scale: Scale;
};

/**
 * How much of everything: `brief` shows each fault and costs little, `full` is as much as was once seen to do
 * harm.
 */
export type Scale = 'brief' | 'full';

/** The crew's own stream: what it puts and reads there concerns no other client. */
export const crewStream = 'crew';

/**
 * How long a client may take, as the docs say it, and what becomes of a connection that takes longer: it
 * ends.
 */
export const headMs = 10_000;
export const requestMs = 60_000;
export const unreadMs = 60_000;
export const idleMs = 75_000;

/** Deadlines are looked at once a second, by a process that shares its cores with others. */
export const graceMs = 15_000;
