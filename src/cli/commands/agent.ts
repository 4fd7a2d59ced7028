// portolan agent: runs until it is told to stop.
import { DEFAULT_LISTEN, type ListenAddress, parseListen } from '../../agent/listen-address.ts';
import type { CommandInput } from '../command-spec.ts';
import { FINE } from '../exit-code.ts';
import type { FlagReader } from '../flags/flag-reader.ts';
import { packageVersion } from '../package-version.ts';

const CPU_PERCENT = 5;
const MOST_CPU_PERCENT = 100;

/** @returns 0 when it was told to stop. */
export async function runAgentCommand({ surroundings, flags }: CommandInput): Promise<number> {
  const { measures, variables, now, wallClock, random, sleep, signal, stderr, processFigures } = surroundings;
  await measures.runAgent({
    ...readRequest(flags),
    version: packageVersion(),
    variables,
    now,
    clock: () => Date.parse(wallClock()),
    random,
    sleep,
    figures: processFigures,
    say: (text) => stderr.write(`${text}\n`),
    signal,
  });
  return FINE;
}

function readRequest(flags: FlagReader) {
  const request = {
    listen: flags.value<ListenAddress>('listen', {
      parse: parseListen,
      wanted: 'ADDRESS:PORT, for example 127.0.0.1:9976',
    }),
    cert: flags.text('tlsCert', 'the path of a PEM file'),
    key: flags.text('tlsKey', 'the path of a PEM file'),
    kubeconfig: flags.text('kubeconfig', 'the path of a kubeconfig'),
    context: flags.text('context', 'the name of a context, as "kubectl config get-contexts" lists them'),
    name: flags.text('name', 'the name of this node, as "kubectl get nodes" lists it'),
    netns: flags.text('netns', 'the path of a network namespace, for example /run/netns/blue'),
    percent: flags.count('cpu', { fallback: CPU_PERCENT, most: MOST_CPU_PERCENT }),
    authorizes: flags.isSet('authorize'),
    namesPods: flags.isSet('cluster'),
    publishes: flags.isSet('publish'),
  };
  const { cert, key, kubeconfig, context, name, netns, authorizes, namesPods, publishes } = request;
  if ((cert === undefined) !== (key === undefined))
    flags.problem('Cannot read --tls-cert and --tls-key: one of them given, wanted both or none');
  flags.finish();
  return {
    listen: request.listen ?? parseListenDefault(),
    mostCpuShare: request.percent / 100,
    ...(cert === undefined || key === undefined ? {} : { tls: { cert, key } }),
    cluster: { kubeconfig, context },
    authorizes,
    namesPods,
    publishes,
    ...(name === undefined ? {} : { name }),
    ...(netns === undefined ? {} : { netns }),
  };
}

function parseListenDefault(): ListenAddress {
  const listen = parseListen(DEFAULT_LISTEN);
  if (listen === undefined) throw new Error(`Cannot read the default address ${DEFAULT_LISTEN}`);
  return listen;
}
