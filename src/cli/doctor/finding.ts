/** What was looked at, how it is, and what to do where it is not well. */
export type Finding = {
  readonly topic: string;
  readonly state: 'ok' | 'warning' | 'fault';
  readonly says: string;
  readonly todo?: string;
};

export const ok = (topic: string, says: string): Finding => ({ topic, state: 'ok', says });

export const warning = (topic: string, says: string, todo: string): Finding => ({
  ...{ topic, state: 'warning', says, todo },
});

export const fault = (topic: string, says: string, todo: string): Finding => ({
  ...{ topic, state: 'fault', says, todo },
});
