/**
 * The host as a service of NATS: `$SRV.PING`, `$SRV.INFO` and `$SRV.STATS`, as `nats micro` asks them. Our own commands read
 * the directory instead: every host answers a ping, which is too much at hundreds of them.
 */
import { VERSION } from '@pilotty/client';
import { hostSubject } from '../names.ts';
import { isInbox, type Nats } from '../nats/connect.ts';

const NAME = 'pilotty';

export interface Described {
  /** Of this run of this host. */
  instance: string;
  fleet: string;
  host: string;
  labels: Readonly<Record<string, string>>;
  joinedAt: Date;
}

/** @returns ends it */
export function answerDiscovery({ connection }: Nats, described: Described, links: () => number): () => void {
  const { instance, fleet, host, labels, joinedAt } = described;
  const identity = { name: NAME, id: instance, version: VERSION, metadata: { ...labels, fleet, host } };
  const endpoint = { name: 'requests', subject: `${hostSubject(fleet, host)}.>`, queue_group: '' };
  const answers: Record<string, () => object> = {
    PING: () => ({ type: 'io.nats.micro.v1.ping_response', ...identity }),
    INFO: () => ({
      type: 'io.nats.micro.v1.info_response',
      ...identity,
      description: 'a daemon of pilotty',
      endpoints: [endpoint],
    }),
    STATS: () => ({
      type: 'io.nats.micro.v1.stats_response',
      ...identity,
      started: joinedAt.toISOString(),
      endpoints: [
        {
          ...endpoint,
          num_requests: 0,
          num_errors: 0,
          last_error: '',
          processing_time: 0,
          average_processing_time: 0,
          data: { links: links() },
        },
      ],
    }),
  };
  const subscriptions = Object.entries(answers).flatMap(([verb, answer]) =>
    [`$SRV.${verb}`, `$SRV.${verb}.${NAME}`, `$SRV.${verb}.${NAME}.${instance}`].map((subject) =>
      connection.subscribe(subject, {
        callback: (error, message) => {
          if (error === null && message.reply !== undefined && isInbox(message.reply))
            message.respond(JSON.stringify(answer()));
        },
      }),
    ),
  );
  return () => {
    for (const subscription of subscriptions) subscription.unsubscribe();
  };
}
