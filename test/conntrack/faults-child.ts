// Prints what every netlink reader returns in this namespace, whatever it may not do.
import { ArrivalListener } from '../../src/kernel/conntrack/flow-arrivals.ts';
import { readConntrackCounters } from '../../src/kernel/conntrack/conntrack-counters.ts';
import { dumpFlows } from '../../src/kernel/conntrack/dump-flows.ts';
import { readTableUse } from '../../src/kernel/conntrack/table-use.ts';
import { readProcFlows } from '../../src/kernel/procfs/proc-flows.ts';

const listener = new ArrivalListener();
const arrivals = listener.finish(1);
listener.close();
const summary = (reading: { complete: boolean; gaps: readonly { id: string; why: string }[] }): unknown => ({
  complete: reading.complete,
  gaps: reading.gaps.map(({ id, why }) => ({ id, why })),
});
const flows = dumpFlows({ localAddresses: [] });
const proc = readProcFlows({ localAddresses: [] });
console.log(
  JSON.stringify({
    flows: { ...(summary(flows) as object), count: flows.value.flowCount },
    proc: { ...(summary(proc) as object), count: proc.value.flowCount },
    counters: summary(readConntrackCounters()),
    table: summary(readTableUse()),
    arrivals: { ...(summary(arrivals) as object), lossy: arrivals.value.lossy },
  }),
);
