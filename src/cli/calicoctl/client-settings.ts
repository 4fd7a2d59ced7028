// Where calicoctl's settings come from: its file when it is there, else the environment (libcalico-go/lib/apiconfig).
import type { ConnectionOverrides } from '../../kube/access/connection-overrides.ts';

export interface ClientSettings {
  /** `kubernetes` | `etcdv3`; what else was written stays as written. */
  readonly datastoreType: string;
  /** Path, or several behind colons. */
  readonly kubeconfig?: string | undefined;
  readonly kubeconfigInline?: string | undefined;
  readonly context?: string | undefined;
  readonly apiGroup?: string | undefined;
  readonly overrides?: ConnectionOverrides | undefined;
}

/** The keys of a settings file that are used, by the variable that says the same. */
export interface SettingsText {
  readonly datastoreType?: string | undefined;
  readonly etcdEndpoints?: string | undefined;
  readonly kubeconfig?: string | undefined;
  readonly kubeconfigInline?: string | undefined;
  readonly k8sAPIEndpoint?: string | undefined;
  readonly k8sCertFile?: string | undefined;
  readonly k8sKeyFile?: string | undefined;
  readonly k8sCAFile?: string | undefined;
  readonly k8sAPIToken?: string | undefined;
  readonly k8sInsecureSkipTLSVerify?: boolean | undefined;
  readonly k8sCurrentContext?: string | undefined;
  readonly calicoAPIGroup?: string | undefined;
}

type Variables = Readonly<Record<string, string | undefined>>;

/** Each variable also with CALICO_ before it, which wins. Errors: a plain Error for a flag that is none. */
export function settingsOfEnvironment(variables: Variables): ClientSettings {
  const text = (name: string) => variables[`CALICO_${name}`] || variables[name] || undefined;
  return settingsOf({
    datastoreType: text('DATASTORE_TYPE'),
    etcdEndpoints: text('ETCD_ENDPOINTS'),
    kubeconfig: text('KUBECONFIG'),
    k8sAPIEndpoint: text('K8S_API_ENDPOINT'),
    k8sCertFile: text('K8S_CERT_FILE'),
    k8sKeyFile: text('K8S_KEY_FILE'),
    k8sCAFile: text('K8S_CA_FILE'),
    k8sInsecureSkipTLSVerify: flagOf('K8S_INSECURE_SKIP_TLS_VERIFY', text('K8S_INSECURE_SKIP_TLS_VERIFY')),
    k8sCurrentContext: text('K8S_CURRENT_CONTEXT'),
    calicoAPIGroup: text('CALICO_API_GROUP'),
  });
}

/** As Go's strconv.ParseBool. */
function flagOf(name: string, text: string | undefined): boolean | undefined {
  if (text === undefined) return undefined;
  if (['1', 't', 'T', 'TRUE', 'true', 'True'].includes(text)) return true;
  if (['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(text)) return false;
  throw new Error(`failed to load config from env vars: ${name} is ${text}, wanted true or false`);
}

export function settingsOf(text: SettingsText): ClientSettings {
  const isEtcd = text.etcdEndpoints !== undefined && text.etcdEndpoints !== '';
  return {
    datastoreType: text.datastoreType || (isEtcd ? 'etcdv3' : 'kubernetes'),
    kubeconfig: text.kubeconfig || undefined,
    kubeconfigInline: text.kubeconfigInline || undefined,
    context: text.k8sCurrentContext || undefined,
    apiGroup: text.calicoAPIGroup || undefined,
    overrides: {
      server: text.k8sAPIEndpoint || undefined,
      certificateFile: text.k8sCertFile || undefined,
      keyFile: text.k8sKeyFile || undefined,
      authorityFile: text.k8sCAFile || undefined,
      token: text.k8sAPIToken || undefined,
      isInsecure: text.k8sInsecureSkipTLSVerify === true ? true : undefined,
    },
  };
}
