/** The list of sinks: from a place to what can be done there. */
import type { Writable } from 'node:stream';
import { UserError } from '../../core/model/user-error.ts';
import { execSink } from './exec-sink.ts';
import { envFileSink, wholeFileSink } from './file-sinks.ts';
import type { Sink, SinkPlace } from './sink.ts';

export interface SinkPorts {
  /** What a command inherits, but for the variables named `…_API_KEY`. */
  readonly env: NodeJS.ProcessEnv;
  readonly stdout: Writable;
}

export function openSink(place: SinkPlace, ports: SinkPorts): Sink {
  switch (place.kind) {
    case 'env-file':
      return envFileSink(place);
    case 'file':
      return wholeFileSink(place);
    case 'exec':
      return execSink(place, ports.env);
    case 'stdout':
      return stdoutSink(ports.stdout);
    default:
      return place satisfies never;
  }
}

/** The key alone, in a line; whoever reads it stores it. */
function stdoutSink(stdout: Writable): Sink {
  return {
    label: 'stdout',
    isReadable: false,
    check: () => undefined,
    put: (key) =>
      new Promise((resolve, reject) => {
        stdout.write(`${key.reveal()}\n`, (error) =>
          error ? reject(new UserError('stdout: its reader has gone')) : resolve(),
        );
      }),
  };
}
