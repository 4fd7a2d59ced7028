// Every error code, what it means and what usually helps. Codes are never reused; docs/reference/errors.md is generated.

export const CATALOGUE = {
  PTL_USAGE: { meaning: 'A flag or argument is wrong', help: 'portolan COMMAND --help' },
  PTL_NOT_LINUX: { meaning: 'The command needs a Linux kernel', help: 'run it on a Linux machine' },
  PTL_USERNS_REFUSED: {
    meaning: 'The kernel or a policy refuses unprivileged user namespaces',
    help: 'run with sudo, or allow user namespaces (docs/reference/user-namespaces.md)',
  },
  PTL_NETLINK: {
    meaning: 'The kernel refused a netlink request',
    help: 'errno in the message; EPERM: CAP_NET_ADMIN is missing',
  },
  PTL_NETLINK_TRUNCATED: {
    meaning: 'A netlink message ends before its own length',
    help: 'report it with the hex dump',
  },
  PTL_LIBC: { meaning: 'A system call failed', help: 'errno in the message' },
  PTL_FFI: {
    meaning: 'The native library that reaches the kernel cannot be loaded',
    help: 'npm ci, on glibc or musl Linux',
  },
  PTL_NETNS: { meaning: 'A network namespace cannot be entered', help: 'check the path; entering needs CAP_SYS_ADMIN' },
  PTL_CANNOT_MEASURE: { meaning: 'Nothing could be measured', help: 'the gaps in the output say what is missing' },
  PTL_LAB: { meaning: 'A lab step failed', help: 'portolan lab list' },
  PTL_UNKNOWN_SCENARIO: { meaning: 'No lab scenario has that name', help: 'portolan lab list' },
  PTL_NO_LOAD: {
    meaning: 'There is no load that could be planned for',
    help: 'name one: portolan plan --destination 203.0.113.9:443 --rate 300/s --hold 120s',
  },
  PTL_PLAN_FILE: {
    meaning: 'A saved plan cannot be read or written',
    help: 'portolan plan --out plan.json saves one, --from plan.json prints it',
  },
  PTL_INPUT_FILE: { meaning: 'A file that was named cannot be read', help: 'check the path and its rights' },
  PTL_UNKNOWN_FILE: {
    meaning: 'A file that was named holds none of the texts that Portolan reads',
    help: 'docs/reference/files.md says which they are and how to make each',
  },
  PTL_ARCHIVE: {
    meaning: 'An archive or compressed file is damaged, cut short or unreasonably large',
    help: 'fetch it again; or unpack it and give the folder',
  },
  PTL_BUNDLE: {
    meaning: 'A bundle cannot be written, or is not one that portolan collect wrote whole',
    help: 'docs/reference/bundle.md; portolan collect makes another',
  },
  PTL_SCENARIO_FILE: {
    meaning: 'A scenario file says something that cannot be simulated',
    help: 'docs/reference/scenario.md has every key; examples/ has files that work',
  },
  PTL_KUBECONFIG: {
    meaning: 'No kubeconfig can be used to reach a cluster',
    help: 'kubectl config get-contexts; then --kubeconfig and --context',
  },
  PTL_API_UNREACHABLE: {
    meaning: 'The API server of the cluster does not answer',
    help: 'check its address and the way there: kubectl get --raw /readyz',
  },
  PTL_API_CREDENTIALS: {
    meaning: 'The kubeconfig gives no credentials: a file is missing or a credential plugin failed',
    help: 'log in again, as for kubectl',
  },
  PTL_API_UNAUTHORISED: {
    meaning: 'The API server does not accept the credentials: expired, revoked or of another cluster',
    help: 'log in again, as for kubectl; kubectl auth whoami shows who you are',
  },
  PTL_API_FORBIDDEN: {
    meaning: 'The API server forbids a request that cannot be done without',
    help: 'docs/reference/rbac.md lists the rights of each command',
  },
  PTL_API_ABSENT: { meaning: 'The API server does not have what was asked for', help: 'check the name' },
  PTL_API_REFUSED: { meaning: 'The API server refused a request', help: 'its own words are in the message' },
  PTL_API_ANSWER: {
    meaning: 'An answer of the API server is too long or not what Kubernetes answers',
    help: 'check that the address in the kubeconfig is that of an API server',
  },
  PTL_EXEC: {
    meaning: 'A command cannot be run on a node through the API server',
    help: 'docs/reference/rbac.md lists the rights; kubectl exec shows whether it works at all',
  },
  PTL_AGENT: {
    meaning: 'An agent cannot be asked through the API server, or its answer is none',
    help: 'docs/reference/agent.md says who may ask; kubectl get pods -n portolan -o wide shows the agents',
  },
  PTL_CALICO_OBJECT: {
    meaning: 'get or patch of a Calico object failed; the first line says it in the words of calicoctl',
    help: 'docs/reference/calicoctl.md',
  },
  PTL_LISTEN: {
    meaning: 'The agent cannot listen where it was told to, or not so safely as it must',
    help: 'docs/reference/agent.md says which address needs what',
  },
  PTL_CHANGE_REFUSED: {
    meaning: 'A change of the cluster is not begun, because something speaks against it',
    help: 'docs/reference/apply.md says what each reason means',
  },
  PTL_CHANGE_UNCONFIRMED: { meaning: 'Nobody said yes to a change', help: '--yes says it for a script' },
  PTL_CHANGE_UNFINISHED: {
    meaning: 'Another change of the cluster is under way or was left unfinished',
    help: 'portolan status; then portolan apply --resume ID or portolan undo ID',
  },
  PTL_CHANGE_CONFLICT: {
    meaning: 'Someone else wrote what a change was about to write; it stopped',
    help: 'portolan status; then portolan apply --resume ID or portolan undo ID',
  },
  PTL_CHANGE_FAILED: {
    meaning: 'A change could not be verified on a node and was taken back',
    help: 'portolan status shows what was seen on each node',
  },
  PTL_NO_SUCH_CHANGE: { meaning: 'No change of that id, or none at all, is in the journal', help: 'portolan status' },
  PTL_JOURNAL: {
    meaning: 'The journal of changes cannot be read or written',
    help: 'docs/reference/apply.md shows the journal, and how to undo a change by hand',
  },
  PTL_NO_SUCH_NODE: { meaning: 'The cluster has no node of that name', help: 'kubectl get nodes' },
} as const;

export type ErrorCode = keyof typeof CATALOGUE;
